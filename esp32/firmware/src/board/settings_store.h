#pragma once

#include "../core/settings.h"

namespace sensornode {

/** What was saved on the set-up page; before that, what secrets.h was built with. */
Settings loadSettings();
/** Keeps the settings over a restart, in the flash memory of the device. */
void saveSettings(const Settings& settings);

}  // namespace sensornode
