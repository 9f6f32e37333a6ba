// The device without its board: the portable core with sensors that always read the same, against a real broker.

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "../src/core/greeting.h"
#include "../src/core/station.h"
#include "host_connection.h"
#include "socket.h"

namespace sensornode {

namespace {

volatile std::sig_atomic_t isAskedToEnd = 0;

void askToEnd(int) { isAskedToEnd = 1; }

/** The readings of the example in the customer's documentation. */
class ExampleSensors : public Sensors {
 public:
  bool readDht(float& tempC, float& humPct) override {
    tempC = 31.5F;
    humPct = 56.0F;
    return true;
  }
  int readLdr() override { return 2543; }
  bool readPir() override { return true; }
};

std::uint32_t nowMs() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return static_cast<std::uint32_t>(
      duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

void log(const char* name, const std::string& text) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  std::cout << '[' << name << "] " << text << std::endl;
}

void carry(Courier& courier) {
  while (isAskedToEnd == 0) {
    courier.step(nowMs(), true);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  courier.finish();
}

void run(const Settings& settings, const std::string& id, std::uint32_t intervalMs) {
  Outbox plainOutbox;
  Outbox secureOutbox;
  ExampleSensors sensors;
  Station station(settings, sensors, plainOutbox, secureOutbox, intervalMs);
  HostConnection plainConnection(
      [&settings](std::string& reason) { return openTcp(settings.host, settings.plainPort, reason); });
  HostConnection secureConnection([&settings](std::string& reason) {
    return openTls(settings.host, settings.tlsPort, settings.caCertificate, reason);
  });
  Courier plain(plainConnection, plainOutbox, greetingOf(settings, id, Way::plain), nowMs(),
                [](const std::string& text) { log("plain", text); });
  Courier secure(secureConnection, secureOutbox, greetingOf(settings, id, Way::secure), nowMs() + 1,
                 [](const std::string& text) { log("tls", text); });

  std::thread plainTask(carry, std::ref(plain));
  std::thread secureTask(carry, std::ref(secure));
  const std::uint32_t startedMs = nowMs();
  const std::string healthTopic = Topics(settings.topicPrefix).health;
  for (std::uint32_t toldMs = startedMs - intervalMs; isAskedToEnd == 0;) {
    station.step(nowMs());
    if (nowMs() - toldMs >= intervalMs) {
      toldMs = nowMs();
      const Health health = {(toldMs - startedMs) / 1000, 0, plain.reconnects() + secure.reconnects(),
                             station.failedReadings()};
      secureOutbox.put(Message{healthTopic, healthPayload(health), true});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  plainTask.join();
  secureTask.join();
}

/** `--name value` pairs. */
std::map<std::string, std::string> optionsFrom(int count, char** words) {
  std::map<std::string, std::string> options;
  for (int index = 1; index + 1 < count; index += 2) options[words[index]] = words[index + 1];
  return options;
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace

}  // namespace sensornode

int main(int count, char** words) {
  using namespace sensornode;
  std::map<std::string, std::string> options = optionsFrom(count, words);
  const auto number = [&options](const char* name, int fallback) {
    return options.count(name) == 0 ? fallback : std::atoi(options[name].c_str());
  };
  Settings settings;
  settings.wifiSsid = "none";
  settings.host = options.count("--host") == 0 ? "127.0.0.1" : options["--host"];
  settings.plainPort = static_cast<std::uint16_t>(number("--plain-port", 1883));
  settings.tlsPort = static_cast<std::uint16_t>(number("--tls-port", 8883));
  settings.username = options["--username"];
  // From the environment: arguments are seen by every user of a machine.
  const char* password = std::getenv("LAB_PASSWORD");
  settings.password = password == nullptr ? "labpass" : password;
  settings.caCertificate = contentOf(options["--ca"]);
  settings.discoveryPrefix = options["--discovery"];
  const std::vector<std::string> problems = problemsOf(settings);
  for (const std::string& problem : problems) std::cerr << problem << std::endl;
  if (!problems.empty()) return 2;

  // A broker that goes away is no reason to die.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGINT, askToEnd);
  std::signal(SIGTERM, askToEnd);
  run(settings, "esp32-host", static_cast<std::uint32_t>(number("--interval", 3000)));
  return 0;
}
