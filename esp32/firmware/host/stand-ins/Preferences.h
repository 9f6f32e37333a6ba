#pragma once

#include "Arduino.h"

class Preferences {
 public:
  bool begin(const char* name, bool readOnly = false);
  void end();
  std::size_t putString(const char* key, const char* value);
  String getString(const char* key, const char* defaultValue);
  std::size_t putUShort(const char* key, std::uint16_t value);
  std::uint16_t getUShort(const char* key, std::uint16_t defaultValue = 0);
};
