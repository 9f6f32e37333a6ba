#pragma once

#include <string>

#include "../core/settings.h"

namespace sensornode {

/**
 * Opens a Wi-Fi of the device's own, whose password is told over serial, and serves the set-up page to whoever
 * joins, until settings were saved. Restarts the device; does not return.
 */
void runSetupPortal(Settings settings, const std::string& deviceId);

}  // namespace sensornode
