#include "packets.h"

namespace sensornode {

namespace {

constexpr std::size_t kLongestText = 65535;

std::string octet(unsigned value) { return std::string(1, static_cast<char>(value & 0xffU)); }

std::string text(const std::string& value) {
  const std::string cut = value.substr(0, kLongestText);
  return octet(static_cast<unsigned>(cut.size() >> 8U)) + octet(static_cast<unsigned>(cut.size())) + cut;
}

/** Seven bits an octet, lowest first (§2.2.3). */
std::string packet(unsigned firstOctet, const std::string& body) {
  std::string octets = octet(firstOctet);
  std::size_t left = body.size();
  do {
    const unsigned digit = static_cast<unsigned>(left % 128);
    left /= 128;
    octets += octet(left > 0 ? digit | 0x80U : digit);
  } while (left > 0);
  return octets + body;
}

}  // namespace

std::string connectPacket(const Greeting& greeting, std::uint16_t keepAliveSeconds) {
  // Clean session, a retained will with QoS 0 (§3.1.2.3).
  unsigned flags = 0x02U | 0x04U | 0x20U;
  std::string payload = text(greeting.clientId) + text(greeting.statusTopic) + text(kOffline);
  if (!greeting.username.empty()) {
    flags |= 0x80U | 0x40U;
    payload += text(greeting.username) + text(greeting.password);
  }
  const unsigned keepAlive = keepAliveSeconds;
  return packet(0x10, text("MQTT") + octet(4) + octet(flags) + octet(keepAlive >> 8U) + octet(keepAlive) + payload);
}

std::string publishPacket(const Message& message) {
  return packet(message.retain ? 0x31 : 0x30, text(message.topic) + message.payload);
}

std::string pingPacket() { return packet(0xc0, ""); }

std::string disconnectPacket() { return packet(0xe0, ""); }

int connackCode(const std::string& octets) {
  if (octets.size() != 4 || octets[0] != 0x20 || octets[1] != 2) return -1;
  return static_cast<unsigned char>(octets[3]);
}

}  // namespace sensornode
