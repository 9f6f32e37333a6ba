#pragma once

#include <cstdint>

namespace sensornode {

constexpr std::uint8_t kDhtPin = 4;
/** Of the first converter: the second one does not work beside Wi-Fi. */
constexpr std::uint8_t kLdrPin = 34;
constexpr std::uint8_t kPirPin = 27;
/** BOOT on most boards: held while the device starts, it opens the set-up page. */
constexpr std::uint8_t kSetupPin = 0;
/** On most boards: on while the Wi-Fi is there. */
constexpr std::uint8_t kLedPin = 2;

}  // namespace sensornode
