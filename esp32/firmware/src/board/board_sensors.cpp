#include "board_sensors.h"

#include <Arduino.h>

#include <cmath>

#include "pins.h"

namespace sensornode {

BoardSensors::BoardSensors(DhtModel model) : dht_(kDhtPin, model == DhtModel::dht22 ? DHT22 : DHT11) {}

void BoardSensors::begin() {
  pinMode(kPirPin, INPUT);
  analogReadResolution(12);
  dht_.begin();
}

bool BoardSensors::readDht(float& tempC, float& humPct) {
  humPct = dht_.readHumidity();
  // Out of the same answer of the sensor: the library asks again after 2 s only.
  tempC = dht_.readTemperature();
  return !std::isnan(tempC) && !std::isnan(humPct);
}

int BoardSensors::readLdr() { return analogRead(kLdrPin); }

bool BoardSensors::readPir() { return digitalRead(kPirPin) == HIGH; }

}  // namespace sensornode
