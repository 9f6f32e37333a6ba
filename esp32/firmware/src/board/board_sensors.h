#pragma once

#include <DHT.h>

#include "../core/station.h"

namespace sensornode {

/** DHT, LDR and PIR on their pins. */
class BoardSensors : public Sensors {
 public:
  explicit BoardSensors(DhtModel model);

  void begin();
  bool readDht(float& tempC, float& humPct) override;
  int readLdr() override;
  bool readPir() override;

 private:
  DHT dht_;
};

}  // namespace sensornode
