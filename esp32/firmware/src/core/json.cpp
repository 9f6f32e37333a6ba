#include "json.h"

#include <cstdio>

namespace sensornode {

std::string jsonString(const std::string& text) {
  std::string quoted = "\"";
  for (const char character : text) {
    const unsigned char code = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      quoted += '\\';
      quoted += character;
    } else if (code < 0x20) {
      char escape[7];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code));
      quoted += escape;
    } else {
      quoted += character;
    }
  }
  return quoted + '"';
}

std::string jsonTenths(float value) {
  // The largest float has 39 digits before the point.
  char digits[48];
  std::snprintf(digits, sizeof digits, "%.1f", static_cast<double>(value));
  // -0.04 is written as -0.0, which readers take for another number than 0.
  return std::string(digits) == "-0.0" ? "0.0" : digits;
}

}  // namespace sensornode
