#include "station.h"

namespace sensornode {

Station::Station(const Settings& settings, Sensors& sensors, Outbox& plain, Outbox& secure,
                 std::uint32_t intervalMs)
    : topics_(settings.topicPrefix),
      dht_(settings.dht),
      sensors_(sensors),
      plain_(plain),
      secure_(secure),
      intervalMs_(intervalMs) {}

void Station::step(std::uint32_t nowMs) {
  const bool motion = sensors_.readPir();
  if (!hasMeasured_ || nowMs - measuredMs_ >= intervalMs_) {
    hasMeasured_ = true;
    measuredMs_ = nowMs;
    measure(motion);
  } else if (motion != motion_) {
    tellMotion(motion);
  }
  motion_ = motion;
}

void Station::measure(bool motion) {
  tellMotion(motion);
  std::string payload;
  float tempC = 0;
  float humPct = 0;
  if (sensors_.readDht(tempC, humPct) && dhtPayload(dht_, tempC, humPct, payload)) {
    secure_.put(Message{topics_.dht, payload, true});
  } else {
    failedReadings_ += 1;
  }
  if (ldrPayload(sensors_.readLdr(), payload)) {
    secure_.put(Message{topics_.ldr, payload, true});
  } else {
    failedReadings_ += 1;
  }
}

void Station::tellMotion(bool motion) { plain_.put(Message{topics_.pir, pirPayload(motion), true}); }

}  // namespace sensornode
