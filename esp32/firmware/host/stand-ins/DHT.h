#pragma once

#include <cstdint>

static const std::uint8_t DHT11 = 11;
static const std::uint8_t DHT22 = 22;

class DHT {
 public:
  DHT(std::uint8_t pin, std::uint8_t type, std::uint8_t count = 6);
  void begin(std::uint8_t usec = 55);
  float readTemperature(bool fahrenheit = false, bool force = false);
  float readHumidity(bool force = false);
};
