#include "watchdog.h"

#include <Arduino.h>
#include <esp_task_wdt.h>

namespace sensornode {

namespace {

/** Longer than connecting may take: name, TCP, TLS and CONNACK have time-outs of their own. */
constexpr unsigned kSeconds = 30;

}  // namespace

void startWatchdog() {
#if ESP_ARDUINO_VERSION_MAJOR >= 3
  esp_task_wdt_config_t config = {};
  config.timeout_ms = kSeconds * 1000;
  config.trigger_panic = true;
  esp_task_wdt_reconfigure(&config);
#else
  esp_task_wdt_init(kSeconds, true);
#endif
}

void watchThisTask() { esp_task_wdt_add(nullptr); }

void feedWatchdog() { esp_task_wdt_reset(); }

}  // namespace sensornode
