#pragma once

#include <string>

namespace sensornode {

/** The text as a JSON string, with its quotes (RFC 8259 §7). */
std::string jsonString(const std::string& text);

/** A number with one decimal, as JSON writes it. The value must be finite. */
std::string jsonTenths(float value);

}  // namespace sensornode
