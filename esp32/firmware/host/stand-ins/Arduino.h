#pragma once

// Declarations only, as far as src/board/ uses them, so that a compiler of this machine can check its types.
// Signatures as the Arduino core 2 for the ESP32 documents them.

#include <cstdint>
#include <cstdio>
#include <string>

#define ESP_ARDUINO_VERSION_MAJOR 2
#define HIGH 0x1
#define LOW 0x0
#define INPUT 0x01
#define OUTPUT 0x03
#define INPUT_PULLUP 0x05

void pinMode(std::uint8_t pin, std::uint8_t mode);
int digitalRead(std::uint8_t pin);
void digitalWrite(std::uint8_t pin, std::uint8_t value);
std::uint16_t analogRead(std::uint8_t pin);
void analogReadResolution(std::uint8_t bits);
unsigned long millis();
void delay(std::uint32_t ms);
std::uint32_t esp_random();
void configTime(long gmtOffset, int daylightOffset, const char* server1, const char* server2 = nullptr,
                const char* server3 = nullptr);

class String {
 public:
  String(const char* text = "");
  const char* c_str() const;
};

class HardwareSerial {
 public:
  void begin(unsigned long baud);
  std::size_t printf(const char* format, ...) __attribute__((format(printf, 2, 3)));
};
extern HardwareSerial Serial;

class EspClass {
 public:
  void restart();
  std::uint32_t getFreeHeap();
  std::uint64_t getEfuseMac();
};
extern EspClass ESP;

class IPAddress {
 public:
  String toString() const;
};

// FreeRTOS, which the core includes.
using TaskFunction_t = void (*)(void*);
using TaskHandle_t = void*;
int xTaskCreate(TaskFunction_t task, const char* name, std::uint32_t stackBytes, void* parameter,
                unsigned priority, TaskHandle_t* handle);
