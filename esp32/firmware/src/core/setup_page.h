#pragma once

#include <string>
#include <vector>

#include "settings.h"

namespace sensornode {

/** Longer values than this are no settings. */
constexpr std::size_t kLongestField = 4096;

/** The page on which settings are entered. Passwords that are stored are never shown. */
std::string setupPage(const Settings& settings, const std::vector<std::string>& problems);

/**
 * Takes one field of the posted form over into the settings. An empty password or certificate leaves the stored
 * one as it is; unknown names are passed over. False for a value that cannot be meant.
 */
bool takeField(const std::string& name, const std::string& value, Settings& settings);

}  // namespace sensornode
