#include <string>
#include <vector>

#include "../../src/core/backoff.h"
#include "../../src/core/courier.h"
#include "../../src/core/outbox.h"
#include "../../src/core/station.h"
#include "check.h"

using namespace sensornode;

namespace {

/** A broker that does what the test says. */
class FakeConnection : public Connection {
 public:
  bool open(const Greeting&) override {
    opens += 1;
    isUp = lets;
    return isUp;
  }
  bool isOpen() override { return isUp; }
  bool publish(const Message& message) override {
    if (!isUp || accepts == 0) return false;
    accepts -= 1;
    sent.push_back(message.topic + "=" + message.payload);
    return true;
  }
  void service() override { services += 1; }
  void close() override { isUp = false; }
  std::string failure() const override { return "fake"; }

  bool lets = true;
  bool isUp = false;
  int accepts = 1000;
  int opens = 0;
  int services = 0;
  std::vector<std::string> sent;
};

class FakeSensors : public Sensors {
 public:
  bool readDht(float& tempC, float& humPct) override {
    tempC = 20.0F;
    humPct = 50.0F;
    return answers;
  }
  int readLdr() override { return raw; }
  bool readPir() override { return motion; }

  bool answers = true;
  int raw = 0;
  bool motion = false;
};

std::string joined(std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  words.clear();
  return text;
}

std::string contentOf(Outbox& outbox) {
  std::vector<std::string> seen;
  outbox.flush([&seen](const Message& message) {
    seen.push_back(message.topic.substr(message.topic.rfind('/') + 1) + "=" + message.payload);
    return true;
  });
  return joined(seen);
}

Greeting greeting() {
  Greeting made;
  made.clientId = "c";
  made.statusTopic = "s";
  made.announcements.push_back(Message{"a", "1", true});
  return made;
}

void quiet(const std::string&) {}

}  // namespace

TEST("delays double up to the limit, each within a quarter") {
  Backoff backoff(1000, 60000, 7);
  std::uint32_t now = 5000;
  HOLDS(backoff.isDue(now));
  for (const std::uint32_t expected : {1000U, 2000U, 4000U, 8000U, 16000U, 32000U, 60000U, 60000U}) {
    backoff.failed(now);
    HOLDS(backoff.delayMs() >= expected * 3 / 4 && backoff.delayMs() <= expected * 5 / 4);
    HOLDS(!backoff.isDue(now));
    HOLDS(!backoff.isDue(now + backoff.delayMs() - 1));
    now += backoff.delayMs();
    HOLDS(backoff.isDue(now));
  }
  backoff.succeeded();
  HOLDS(backoff.isDue(now));
  backoff.failed(now);
  HOLDS(backoff.delayMs() <= 1250);
}

TEST("delays outlive the wrap of the clock") {
  Backoff backoff(1000, 60000, 7);
  const std::uint32_t late = 0xffffff00U;
  backoff.failed(late);
  HOLDS(!backoff.isDue(late + 500));
  HOLDS(backoff.isDue(late + 1300));
}

TEST("devices with other seeds come back at other times") {
  Backoff first(1000, 60000, 1);
  Backoff second(1000, 60000, 2);
  first.failed(0);
  second.failed(0);
  HOLDS(first.delayMs() != second.delayMs());
  Backoff zero(1000, 60000, 0);
  zero.failed(0);
  HOLDS(zero.delayMs() >= 750);
}

TEST("an outbox keeps the newest of each topic and sends it once") {
  Outbox outbox;
  outbox.put(Message{"x", "1", true});
  outbox.put(Message{"y", "1", true});
  outbox.put(Message{"x", "2", true});
  EQUAL(contentOf(outbox), "x=2 y=1");
  EQUAL(contentOf(outbox), "");
  outbox.put(Message{"y", "1", true});
  EQUAL(contentOf(outbox), "y=1");
  outbox.sendAgain();
  EQUAL(contentOf(outbox), "x=2 y=1");
}

TEST("what could not be sent stays, and what came meanwhile is not lost") {
  Outbox outbox;
  outbox.put(Message{"x", "1", true});
  HOLDS(!outbox.flush([](const Message&) { return false; }));
  outbox.flush([&outbox](const Message&) {
    outbox.put(Message{"x", "2", true});
    return true;
  });
  EQUAL(contentOf(outbox), "x=2");
}

TEST("a courier greets, announces and carries") {
  FakeConnection connection;
  Outbox outbox;
  outbox.put(Message{"x", "1", true});
  Courier courier(connection, outbox, greeting(), 1, quiet);
  courier.step(0, false);
  EQUAL(connection.opens, 0);
  courier.step(10, true);
  EQUAL(joined(connection.sent), "s=online a=1 x=1");
  courier.step(20, true);
  EQUAL(joined(connection.sent), "");
  EQUAL(connection.services, 2);
  EQUAL(courier.reconnects(), 0U);
}

TEST("a courier waits longer after each failure, and comes back with everything") {
  FakeConnection connection;
  connection.lets = false;
  Outbox outbox;
  outbox.put(Message{"x", "1", true});
  Courier courier(connection, outbox, greeting(), 1, quiet);
  for (std::uint32_t now = 0; now < 15000; now += 10) courier.step(now, true);
  HOLDS(connection.opens >= 4 && connection.opens <= 5);
  connection.lets = true;
  for (std::uint32_t now = 15000; now < 40000 && !connection.isUp; now += 10) courier.step(now, true);
  EQUAL(joined(connection.sent), "s=online a=1 x=1");
}

TEST("a lost connection is opened again, and what is retained is told again") {
  FakeConnection connection;
  Outbox outbox;
  outbox.put(Message{"x", "1", true});
  Courier courier(connection, outbox, greeting(), 1, quiet);
  courier.step(0, true);
  connection.sent.clear();
  connection.isUp = false;
  courier.step(1000, true);
  EQUAL(connection.opens, 1);
  for (std::uint32_t now = 1000; now < 2300; now += 10) courier.step(now, true);
  EQUAL(connection.opens, 2);
  EQUAL(joined(connection.sent), "s=online a=1 x=1");
  EQUAL(courier.reconnects(), 1U);
}

TEST("a broker that throws us out at once is not hammered") {
  FakeConnection connection;
  Outbox outbox;
  Courier courier(connection, outbox, greeting(), 1, quiet);
  for (std::uint32_t now = 0; now < 60000; now += 10) {
    courier.step(now, true);
    connection.isUp = false;
  }
  HOLDS(connection.opens <= 7);
}

TEST("an announcement that fails does not stop readings later") {
  FakeConnection connection;
  connection.accepts = 1;
  Outbox outbox;
  outbox.put(Message{"x", "1", true});
  Courier courier(connection, outbox, greeting(), 1, quiet);
  courier.step(0, true);
  EQUAL(joined(connection.sent), "s=online");
  connection.accepts = 1000;
  courier.step(10, true);
  EQUAL(joined(connection.sent), "x=1");
}

TEST("a courier says goodbye") {
  FakeConnection connection;
  Outbox outbox;
  Courier courier(connection, outbox, greeting(), 1, quiet);
  courier.finish();
  EQUAL(joined(connection.sent), "");
  courier.step(0, true);
  connection.sent.clear();
  courier.finish();
  EQUAL(joined(connection.sent), "s=offline");
  HOLDS(!connection.isUp);
}

TEST("a station measures at its pace, and tells motion at once") {
  FakeSensors sensors;
  Outbox plain;
  Outbox secure;
  Settings settings;
  Station station(settings, sensors, plain, secure, 3000);
  station.step(100);
  EQUAL(contentOf(plain), "pir_insecure={\"pir\":0}");
  EQUAL(contentOf(secure), "dht_secure={\"temp_c\":20.0,\"hum_pct\":50.0} ldr_secure={\"ldr_pct\":0.0,\"ldr_raw\":0}");
  station.step(200);
  EQUAL(contentOf(plain) + contentOf(secure), "");
  sensors.motion = true;
  station.step(300);
  EQUAL(contentOf(plain), "pir_insecure={\"pir\":1}");
  EQUAL(contentOf(secure), "");
  station.step(3100);
  EQUAL(contentOf(plain), "pir_insecure={\"pir\":1}");
  HOLDS(!contentOf(secure).empty());
}

TEST("a sensor that does not answer is counted and does not hold up the others") {
  FakeSensors sensors;
  sensors.answers = false;
  Outbox plain;
  Outbox secure;
  Settings settings;
  Station station(settings, sensors, plain, secure, 3000);
  station.step(0);
  EQUAL(contentOf(secure), "ldr_secure={\"ldr_pct\":0.0,\"ldr_raw\":0}");
  sensors.raw = 5000;
  station.step(3000);
  EQUAL(contentOf(secure), "");
  EQUAL(station.failedReadings(), 3U);
}
