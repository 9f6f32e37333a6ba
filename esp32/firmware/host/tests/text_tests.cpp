#include <cmath>
#include <limits>

#include "../../src/core/greeting.h"
#include "../../src/core/json.h"
#include "../../src/core/payloads.h"
#include "../../src/core/setup_page.h"
#include "../packets.h"
#include "check.h"

using namespace sensornode;

namespace {

std::string dht(DhtModel model, float tempC, float humPct) {
  std::string payload = "none";
  const bool isGood = dhtPayload(model, tempC, humPct, payload);
  return isGood ? payload : "refused " + payload;
}

std::string ldr(int raw) {
  std::string payload = "none";
  const bool isGood = ldrPayload(raw, payload);
  return isGood ? payload : "refused " + payload;
}

Settings goodSettings() {
  Settings settings;
  settings.wifiSsid = "Workshop";
  settings.wifiPassword = "long enough";
  settings.host = "broker.lan";
  settings.username = "labuser";
  settings.password = "labpass";
  settings.caCertificate = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
  return settings;
}

std::string hex(const std::string& octets) {
  static const char kDigits[] = "0123456789abcdef";
  std::string digits;
  for (const char octet : octets) {
    const unsigned value = static_cast<unsigned char>(octet);
    digits += kDigits[value >> 4U];
    digits += kDigits[value & 15U];
  }
  return digits;
}

}  // namespace

TEST("DHT payloads are the customer's") {
  EQUAL(dht(DhtModel::dht11, 31.5F, 56.0F), "{\"temp_c\":31.5,\"hum_pct\":56.0}");
  EQUAL(dht(DhtModel::dht22, -39.96F, 0.0F), "{\"temp_c\":-40.0,\"hum_pct\":0.0}");
  EQUAL(dht(DhtModel::dht22, -0.04F, 100.0F), "{\"temp_c\":0.0,\"hum_pct\":100.0}");
}

TEST("DHT readings that cannot be are no payload") {
  const float nan = std::nanf("");
  const float infinite = std::numeric_limits<float>::infinity();
  for (const float wrong : {nan, infinite, -infinite, -50.0F, 80.5F, 1e30F}) {
    EQUAL(dht(DhtModel::dht22, wrong, 50.0F), "refused none");
  }
  for (const float wrong : {nan, infinite, -0.1F, 100.1F}) {
    EQUAL(dht(DhtModel::dht22, 20.0F, wrong), "refused none");
  }
  EQUAL(dht(DhtModel::dht11, 70.0F, 50.0F), "refused none");
  EQUAL(dht(DhtModel::dht22, 70.0F, 50.0F), "{\"temp_c\":70.0,\"hum_pct\":50.0}");
}

TEST("LDR payloads have the share of full scale") {
  EQUAL(ldr(2543), "{\"ldr_pct\":62.1,\"ldr_raw\":2543}");
  EQUAL(ldr(0), "{\"ldr_pct\":0.0,\"ldr_raw\":0}");
  EQUAL(ldr(4095), "{\"ldr_pct\":100.0,\"ldr_raw\":4095}");
  EQUAL(ldr(-1), "refused none");
  EQUAL(ldr(4096), "refused none");
}

TEST("PIR payloads are 1 and 0") {
  EQUAL(pirPayload(true), "{\"pir\":1}");
  EQUAL(pirPayload(false), "{\"pir\":0}");
}

TEST("health is told with the version") {
  EQUAL(healthPayload(Health{12, 180000, 3, 1}),
        "{\"firmware\":\"1.0.0\",\"uptime_s\":12,\"heap_free\":180000,\"reconnects\":3,\"failed_readings\":1}");
}

TEST("JSON texts are escaped") {
  EQUAL(jsonString("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\u000a\\u0001\"");
  EQUAL(jsonString("\u00b0C"), "\"\u00b0C\"");
}

TEST("topics are the customer's") {
  const Topics topics("sensors/faris");
  EQUAL(topics.dht, "sensors/faris/dht_secure");
  EQUAL(topics.ldr, "sensors/faris/ldr_secure");
  EQUAL(topics.pir, "sensors/faris/pir_insecure");
  EQUAL(topics.secureStatus, "sensors/faris/status_secure");
  EQUAL(topics.plainStatus, "sensors/faris/status_insecure");
}

TEST("good settings have no problems") { EQUAL(problemsOf(goodSettings()).size(), 0U); }

TEST("each wrong setting is one problem") {
  const std::vector<std::function<void(Settings&)>> mistakes = {
      [](Settings& s) { s.wifiSsid = ""; },
      [](Settings& s) { s.wifiSsid = std::string(33, 'x'); },
      [](Settings& s) { s.wifiPassword = "short"; },
      [](Settings& s) { s.host = ""; },
      [](Settings& s) { s.host = "http://broker"; },
      [](Settings& s) { s.tlsPort = 0; },
      [](Settings& s) { s.username = ""; },
      [](Settings& s) { s.password = ""; },
      [](Settings& s) { s.caCertificate = "MII="; },
      [](Settings& s) { s.caCertificate += std::string(4000, 'x'); },
      [](Settings& s) { s.topicPrefix = "sensors/#"; },
      [](Settings& s) { s.topicPrefix = "sensors//a"; },
      [](Settings& s) { s.topicPrefix = "$SYS"; },
      [](Settings& s) { s.topicPrefix = ""; },
      [](Settings& s) { s.discoveryPrefix = "home+"; },
      [](Settings& s) { s.timeServer = "a b"; },
  };
  for (const auto& mistake : mistakes) {
    Settings settings = goodSettings();
    mistake(settings);
    EQUAL(problemsOf(settings).size(), 1U);
  }
}

TEST("an open Wi-Fi needs no password") {
  Settings settings = goodSettings();
  settings.wifiPassword = "";
  EQUAL(problemsOf(settings).size(), 0U);
}

TEST("the set-up page shows settings escaped, and no secret") {
  Settings settings = goodSettings();
  settings.wifiSsid = "\"><script>";
  settings.dht = DhtModel::dht22;
  const std::string page = setupPage(settings, {"Wrong & <b>"});
  HOLDS(page.find("&quot;&gt;&lt;script&gt;") != std::string::npos);
  HOLDS(page.find("Wrong &amp; &lt;b&gt;") != std::string::npos);
  HOLDS(page.find("<script>") == std::string::npos);
  HOLDS(page.find(settings.password) == std::string::npos);
  HOLDS(page.find(settings.wifiPassword) == std::string::npos);
  HOLDS(page.find("value=\"22\" selected") != std::string::npos);
}

TEST("fields of the set-up page become settings") {
  Settings settings = goodSettings();
  const std::vector<std::pair<const char*, const char*>> fields = {
      {"ssid", "Hall"}, {"psk", "another phrase"}, {"host", "mqtt.lan"}, {"plain", "11883"}, {"tls", "18883"},
      {"user", "me"},   {"word", "secret"},        {"ca", "PEM"},        {"prefix", "a/b"},  {"discovery", "ha"},
      {"time", "ntp"},  {"dht", "22"},             {"unknown", "x"}};
  for (const auto& field : fields) HOLDS(takeField(field.first, field.second, settings));
  EQUAL(settings.wifiSsid, "Hall");
  EQUAL(settings.wifiPassword, "another phrase");
  EQUAL(settings.host, "mqtt.lan");
  EQUAL(settings.plainPort, 11883);
  EQUAL(settings.tlsPort, 18883);
  EQUAL(settings.username, "me");
  EQUAL(settings.password, "secret");
  EQUAL(settings.caCertificate, "PEM");
  EQUAL(settings.topicPrefix, "a/b");
  EQUAL(settings.discoveryPrefix, "ha");
  EQUAL(settings.timeServer, "ntp");
  HOLDS(settings.dht == DhtModel::dht22);
}

TEST("empty secrets of the set-up page keep the stored ones, and ports must be ports") {
  Settings settings = goodSettings();
  for (const char* name : {"psk", "word", "ca"}) HOLDS(takeField(name, "", settings));
  EQUAL(problemsOf(settings).size(), 0U);
  for (const char* port : {"", "0", "65536", "999999", "-1", "12a"}) HOLDS(!takeField("tls", port, settings));
  EQUAL(settings.tlsPort, 8883);
  HOLDS(!takeField("ssid", std::string(kLongestField + 1, 'x'), settings));
}

TEST("Home Assistant is told nothing unless asked for") {
  EQUAL(discoveryMessages(goodSettings(), "esp32-1", Way::secure).size(), 0U);
}

TEST("Home Assistant is told of each entity, on its own connection") {
  Settings settings = goodSettings();
  settings.discoveryPrefix = "homeassistant";
  const std::vector<Message> secure = discoveryMessages(settings, "esp32-1", Way::secure);
  const std::vector<Message> plain = discoveryMessages(settings, "esp32-1", Way::plain);
  EQUAL(secure.size(), 3U);
  EQUAL(plain.size(), 1U);
  EQUAL(secure[0].topic, "homeassistant/sensor/esp32-1/temperature/config");
  EQUAL(plain[0].topic, "homeassistant/binary_sensor/esp32-1/motion/config");
  HOLDS(secure[2].payload.find("\"state_topic\":\"sensors/faris/ldr_secure\"") != std::string::npos);
  HOLDS(plain[0].payload.find("\"availability_topic\":\"sensors/faris/status_insecure\"") != std::string::npos);
  for (const Message& message : secure) {
    HOLDS(message.retain);
    // The packet buffer of the board is 1024 octets.
    HOLDS(message.topic.size() + message.payload.size() < 1000);
    // For the test that reads them as JSON.
    std::cout << "DISCOVERY " << message.payload << '\n';
  }
}

TEST("the login goes over TLS only") {
  const Greeting plain = greetingOf(goodSettings(), "esp32-1", Way::plain);
  const Greeting secure = greetingOf(goodSettings(), "esp32-1", Way::secure);
  EQUAL(plain.username + plain.password, "");
  EQUAL(secure.username + secure.password, "labuserlabpass");
  HOLDS(plain.clientId != secure.clientId);
}

TEST("packets are as MQTT 3.1.1 lays them out") {
  Greeting greeting;
  greeting.clientId = "c";
  greeting.statusTopic = "s";
  EQUAL(hex(connectPacket(greeting, 30)), "101900044d5154540426001e000163000173" "00076f66666c696e65");
  greeting.username = "u";
  greeting.password = "p";
  EQUAL(hex(connectPacket(greeting, 30)), "101f00044d51545404e6001e000163000173" "00076f66666c696e65" "000175000170");
  EQUAL(hex(publishPacket(Message{"t", "x", true})), "3104000174" "78");
  EQUAL(hex(publishPacket(Message{"t", std::string(125, 'x'), false})).substr(0, 6), "308001");
  EQUAL(connackCode(std::string("\x20\x02\x00\x05", 4)), 5);
  EQUAL(connackCode(std::string("\x20\x02\x00", 3)), -1);
  EQUAL(connackCode("HTTP"), -1);
}
