#pragma once

#include <atomic>
#include <cstdint>

#include "outbox.h"
#include "settings.h"

namespace sensornode {

/** The sensors of the board at hand. */
class Sensors {
 public:
  virtual ~Sensors() = default;
  /** False, or no numbers, when the sensor did not answer. */
  virtual bool readDht(float& tempC, float& humPct) = 0;
  virtual int readLdr() = 0;
  virtual bool readPir() = 0;
};

/** Measures at its own pace, whatever the network does, and leaves the readings in two outboxes. */
class Station {
 public:
  Station(const Settings& settings, Sensors& sensors, Outbox& plain, Outbox& secure, std::uint32_t intervalMs);

  /** One turn; call it often. Motion is told when it changes, all readings at every interval. */
  void step(std::uint32_t nowMs);
  std::uint32_t failedReadings() const { return failedReadings_; }

 private:
  void measure(bool motion);
  void tellMotion(bool motion);

  Topics topics_;
  DhtModel dht_;
  Sensors& sensors_;
  Outbox& plain_;
  Outbox& secure_;
  std::uint32_t intervalMs_;
  std::uint32_t measuredMs_ = 0;
  bool hasMeasured_ = false;
  bool motion_ = false;
  std::atomic<std::uint32_t> failedReadings_{0};
};

/** The customer's pace; a DHT22 needs at least 2 s between readings. */
constexpr std::uint32_t kIntervalMs = 3000;

}  // namespace sensornode
