#pragma once

#include <cstdint>
#include <string>

namespace sensornode {

/** Which DHT is soldered in: they differ in what they can measure. */
enum class DhtModel { dht11, dht22 };

/** Full scale of the ESP32's 12-bit converter. */
constexpr int kAdcMax = 4095;

/**
 * `{"temp_c":31.5,"hum_pct":56.0}`. False, and nothing written, for what the sensor cannot have measured:
 * a reading that failed is no number, and a loose wire gives values far outside.
 */
bool dhtPayload(DhtModel model, float tempC, float humPct, std::string& payload);

/** `{"ldr_pct":62.1,"ldr_raw":2543}`; false for what is no reading of the converter. */
bool ldrPayload(int raw, std::string& payload);

/** `{"pir":1}` */
std::string pirPayload(bool motion);

/** What the device says about itself. */
struct Health {
  std::uint32_t uptimeSeconds;
  std::uint32_t freeHeapBytes;
  std::uint32_t reconnects;
  std::uint32_t failedReadings;
};

/** `{"firmware":"1.0.0","uptime_s":12,"heap_free":180000,"reconnects":0,"failed_readings":0}` */
std::string healthPayload(const Health& health);

/** Written into the health message and the discovery of Home Assistant. */
extern const char* const kFirmwareVersion;

}  // namespace sensornode
