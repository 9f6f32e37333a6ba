#include "courier.h"

#include <utility>

namespace sensornode {

const char* const kOnline = "online";
const char* const kOffline = "offline";

namespace {

constexpr std::uint32_t kFirstDelayMs = 1000;
constexpr std::uint32_t kLongestDelayMs = 60000;
/** A broker that lets us in and throws us out again is no success. */
constexpr std::uint32_t kStableMs = 30000;

}  // namespace

Courier::Courier(Connection& connection, Outbox& outbox, Greeting greeting, std::uint32_t seed, Log log)
    : connection_(connection),
      outbox_(outbox),
      greeting_(std::move(greeting)),
      backoff_(kFirstDelayMs, kLongestDelayMs, seed),
      log_(std::move(log)) {}

void Courier::step(std::uint32_t nowMs, bool mayConnect) {
  if (connection_.isOpen()) {
    carry(nowMs);
  } else if (wasOpen_) {
    lost(nowMs);
  } else if (mayConnect && backoff_.isDue(nowMs)) {
    connect(nowMs);
  }
}

void Courier::finish() {
  if (!connection_.isOpen()) return;
  connection_.publish(Message{greeting_.statusTopic, kOffline, true});
  connection_.close();
  wasOpen_ = false;
}

void Courier::connect(std::uint32_t nowMs) {
  if (!connection_.open(greeting_)) {
    backoff_.failed(nowMs);
    log_("no connection (" + connection_.failure() + "); next try in " + std::to_string(backoff_.delayMs()) + " ms");
    return;
  }
  wasOpen_ = true;
  openSinceMs_ = nowMs;
  connects_ += 1;
  log_("connected");
  outbox_.sendAgain();
  if (greet()) carry(nowMs);
}

bool Courier::greet() {
  if (!connection_.publish(Message{greeting_.statusTopic, kOnline, true})) return false;
  for (const Message& announcement : greeting_.announcements) {
    if (!connection_.publish(announcement)) return false;
  }
  return true;
}

void Courier::carry(std::uint32_t nowMs) {
  connection_.service();
  outbox_.flush([this](const Message& message) { return connection_.publish(message); });
  if (nowMs - openSinceMs_ >= kStableMs) backoff_.succeeded();
}

void Courier::lost(std::uint32_t nowMs) {
  wasOpen_ = false;
  backoff_.failed(nowMs);
  log_("connection lost; next try in " + std::to_string(backoff_.delayMs()) + " ms");
}

}  // namespace sensornode
