#pragma once

#include <cstdint>
#include <string>

#include "../src/core/courier.h"

namespace sensornode {

/** MQTT 3.1.1 packets as octets. Texts longer than 65535 octets are cut (§1.5.3). */
std::string connectPacket(const Greeting& greeting, std::uint16_t keepAliveSeconds);
std::string publishPacket(const Message& message);
std::string pingPacket();
std::string disconnectPacket();

/** The return code of a CONNACK, or -1 for other octets. */
int connackCode(const std::string& octets);

}  // namespace sensornode
