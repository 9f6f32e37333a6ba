#pragma once

#include <string>
#include <vector>

#include "message.h"
#include "settings.h"

namespace sensornode {

/** Which of the two connections carries an entity. */
enum class Way { plain, secure };

/**
 * Messages that make Home Assistant show the device (MQTT discovery), for one of its connections; none without a
 * discovery prefix. `deviceId` must be made of letters, digits, `_` and `-`.
 */
std::vector<Message> discoveryMessages(const Settings& settings, const std::string& deviceId, Way way);

}  // namespace sensornode
