#include "app.h"

#include <Arduino.h>
#include <WiFi.h>
#include <WiFiClient.h>
#include <WiFiClientSecure.h>

#include <ctime>
#include <memory>
#include <utility>

#include "../core/backoff.h"
#include "../core/greeting.h"
#include "../core/settings.h"
#include "../core/station.h"
#include "board_connection.h"
#include "board_sensors.h"
#include "pins.h"
#include "settings_store.h"
#include "setup_portal.h"
#include "watchdog.h"

namespace sensornode {

namespace {

/** TLS needs room for its handshake. */
constexpr std::uint32_t kTaskBytes = 12288;
constexpr std::uint32_t kHealthMs = 60000;
/** 2024-01-01: before the answer of a time server the clock says 1970, and no certificate would hold. */
constexpr std::time_t kSaneTime = 1704067200;

/** Everything that lives as long as the device is on. */
struct Device {
  explicit Device(Settings given, const std::string& id);

  Settings settings;
  Topics topics;
  Outbox plainOutbox;
  Outbox secureOutbox;
  BoardSensors sensors;
  Station station;
  WiFiClient plainClient;
  WiFiClientSecure secureClient;
  BoardConnection plainConnection;
  BoardConnection secureConnection;
  Courier plain;
  Courier secure;
  std::uint32_t healthMs = 0;
};

std::unique_ptr<Device> device;

Courier::Log logAs(const char* name) {
  return [name](const std::string& text) { Serial.printf("[%s] %s\n", name, text.c_str()); };
}

Device::Device(Settings given, const std::string& id)
    : settings(std::move(given)),
      topics(settings.topicPrefix),
      sensors(settings.dht),
      station(settings, sensors, plainOutbox, secureOutbox, kIntervalMs),
      plainConnection(plainClient, settings, settings.plainPort),
      secureConnection(secureClient, settings, settings.tlsPort),
      plain(plainConnection, plainOutbox, greetingOf(settings, id, Way::plain), esp_random(), logAs("plain")),
      secure(secureConnection, secureOutbox, greetingOf(settings, id, Way::secure), esp_random(), logAs("tls")) {
  trustOnly(secureClient, settings);
}

bool isClockSet() { return std::time(nullptr) > kSaneTime; }

/** Each connection has a task, so that one that hangs holds up neither the other nor the sensors. */
void carryPlain(void*) {
  watchThisTask();
  for (;;) {
    feedWatchdog();
    device->plain.step(millis(), WiFi.status() == WL_CONNECTED);
    delay(20);
  }
}

void carrySecure(void*) {
  watchThisTask();
  for (;;) {
    feedWatchdog();
    device->secure.step(millis(), WiFi.status() == WL_CONNECTED && isClockSet());
    delay(20);
  }
}

std::string deviceId() {
  char id[24];
  std::snprintf(id, sizeof id, "esp32-%06x", static_cast<unsigned>(ESP.getEfuseMac() >> 24 & 0xffffff));
  return id;
}

void startNetwork(const Settings& settings) {
  WiFi.mode(WIFI_STA);
  // The core joins again by itself whenever the Wi-Fi was away.
  WiFi.setAutoReconnect(true);
  WiFi.begin(settings.wifiSsid.c_str(), settings.wifiPassword.c_str());
  configTime(0, 0, settings.timeServer.c_str());
}

void tellHealth(std::uint32_t nowMs) {
  if (device->healthMs != 0 && nowMs - device->healthMs < kHealthMs) return;
  device->healthMs = nowMs;
  const Health health = {nowMs / 1000, ESP.getFreeHeap(),
                         device->plain.reconnects() + device->secure.reconnects(),
                         device->station.failedReadings()};
  const std::string payload = healthPayload(health);
  device->secureOutbox.put(Message{device->topics.health, payload, true});
  Serial.printf("[health] %s\n", payload.c_str());
}

}  // namespace

void begin() {
  Serial.begin(115200);
  pinMode(kSetupPin, INPUT_PULLUP);
  pinMode(kLedPin, OUTPUT);
  startWatchdog();
  watchThisTask();

  const std::string id = deviceId();
  const Settings settings = loadSettings();
  const std::vector<std::string> problems = problemsOf(settings);
  for (const std::string& problem : problems) Serial.printf("[settings] %s\n", problem.c_str());
  if (!problems.empty() || digitalRead(kSetupPin) == LOW) runSetupPortal(settings, id);

  device.reset(new Device(settings, id));
  device->sensors.begin();
  startNetwork(device->settings);
  xTaskCreate(carryPlain, "plain", kTaskBytes, nullptr, 1, nullptr);
  xTaskCreate(carrySecure, "tls", kTaskBytes, nullptr, 1, nullptr);
}

void turn() {
  const std::uint32_t nowMs = millis();
  feedWatchdog();
  device->station.step(nowMs);
  tellHealth(nowMs);
  digitalWrite(kLedPin, WiFi.status() == WL_CONNECTED ? HIGH : LOW);
  delay(20);
}

}  // namespace sensornode
