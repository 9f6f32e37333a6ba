#include "setup_portal.h"

#include <Arduino.h>
#include <DNSServer.h>
#include <WebServer.h>
#include <WiFi.h>

#include "../core/setup_page.h"
#include "settings_store.h"
#include "watchdog.h"

namespace sensornode {

namespace {

constexpr std::uint16_t kDnsPort = 53;
constexpr std::uint16_t kHttpPort = 80;
/** Nobody came: perhaps the button was held by mistake. */
constexpr std::uint32_t kPatienceMs = 15UL * 60UL * 1000UL;
constexpr int kPasswordLength = 10;

/** Ten letters and digits that cannot be mistaken for each other, from the hardware's noise. */
std::string newPassword() {
  static const char kLetters[] = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string password;
  for (int index = 0; index < kPasswordLength; ++index) {
    password += kLetters[esp_random() % (sizeof kLetters - 1)];
  }
  return password;
}

}  // namespace

void runSetupPortal(Settings settings, const std::string& deviceId) {
  const std::string password = newPassword();
  WiFi.mode(WIFI_AP);
  WiFi.softAP(deviceId.c_str(), password.c_str());
  Serial.printf("Set-up: join the Wi-Fi %s with the password %s, then open http://%s/\n", deviceId.c_str(),
                password.c_str(), WiFi.softAPIP().toString().c_str());

  // Every name leads here, so that telephones show the page by themselves.
  DNSServer names;
  names.start(kDnsPort, "*", WiFi.softAPIP());

  WebServer server(kHttpPort);
  bool isSaved = false;
  const auto show = [&server, &settings](const std::vector<std::string>& problems) {
    server.send(problems.empty() ? 200 : 422, "text/html; charset=utf-8", setupPage(settings, problems).c_str());
  };
  server.on("/save", HTTP_POST, [&]() {
    Settings entered = settings;
    bool isReadable = true;
    for (int index = 0; index < server.args(); ++index) {
      isReadable = takeField(server.argName(index).c_str(), server.arg(index).c_str(), entered) && isReadable;
    }
    std::vector<std::string> problems = problemsOf(entered);
    if (!isReadable) problems.push_back("A port must be a number from 1 to 65535.");
    settings = entered;
    if (!problems.empty()) return show(problems);
    saveSettings(entered);
    server.send(200, "text/plain; charset=utf-8", "Saved. The device starts again.");
    isSaved = true;
  });
  server.onNotFound([&show]() { show({}); });
  server.begin();

  const std::uint32_t startedMs = millis();
  while (!isSaved && millis() - startedMs < kPatienceMs) {
    names.processNextRequest();
    server.handleClient();
    feedWatchdog();
    delay(5);
  }
  // The answer must get out.
  delay(500);
  ESP.restart();
}

}  // namespace sensornode
