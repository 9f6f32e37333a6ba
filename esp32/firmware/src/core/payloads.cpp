#include "payloads.h"


#include "json.h"

namespace sensornode {

const char* const kFirmwareVersion = "1.0.0";

namespace {

struct Range {
  float lowest;
  float highest;
};

bool within(const Range& range, float value) {
  // Written so that NaN is outside.
  return value >= range.lowest && value <= range.highest;
}

/** Measuring ranges of the data sheets; the DHT11 is sold down to 0 °C in one revision and to -20 °C in another. */
Range temperatureOf(DhtModel model) {
  return model == DhtModel::dht11 ? Range{-20.0F, 60.0F} : Range{-40.0F, 80.0F};
}

}  // namespace

bool dhtPayload(DhtModel model, float tempC, float humPct, std::string& payload) {
  if (!within(temperatureOf(model), tempC) || !within(Range{0.0F, 100.0F}, humPct)) return false;
  payload = "{\"temp_c\":" + jsonTenths(tempC) + ",\"hum_pct\":" + jsonTenths(humPct) + "}";
  return true;
}

bool ldrPayload(int raw, std::string& payload) {
  if (raw < 0 || raw > kAdcMax) return false;
  const float percent = 100.0F * static_cast<float>(raw) / static_cast<float>(kAdcMax);
  payload = "{\"ldr_pct\":" + jsonTenths(percent) + ",\"ldr_raw\":" + std::to_string(raw) + "}";
  return true;
}

std::string pirPayload(bool motion) { return motion ? "{\"pir\":1}" : "{\"pir\":0}"; }

std::string healthPayload(const Health& health) {
  return "{\"firmware\":" + jsonString(kFirmwareVersion) +
         ",\"uptime_s\":" + std::to_string(health.uptimeSeconds) +
         ",\"heap_free\":" + std::to_string(health.freeHeapBytes) +
         ",\"reconnects\":" + std::to_string(health.reconnects) +
         ",\"failed_readings\":" + std::to_string(health.failedReadings) + "}";
}

}  // namespace sensornode
