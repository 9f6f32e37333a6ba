#pragma once

#include <string>

#include "courier.h"
#include "discovery.h"

namespace sensornode {

/** How the device introduces itself on one of its connections. A login never goes over the plain one. */
Greeting greetingOf(const Settings& settings, const std::string& deviceId, Way way);

}  // namespace sensornode
