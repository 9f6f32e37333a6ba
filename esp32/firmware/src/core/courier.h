#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backoff.h"
#include "message.h"
#include "outbox.h"

namespace sensornode {

/** Who connects, and what the broker is to say should the connection be lost. */
struct Greeting {
  std::string clientId;
  /** Empty connects without a login. */
  std::string username;
  std::string password;
  /** `online` once connected, `offline` as last will, both retained. */
  std::string statusTopic;
  /** Sent after each connect, before readings. */
  std::vector<Message> announcements;
};

/** An MQTT session of the board at hand. Calls may block for as long as its own time-outs allow. */
class Connection {
 public:
  virtual ~Connection() = default;
  /** Opens a session with a last will; false when it did not come about. */
  virtual bool open(const Greeting& greeting) = 0;
  virtual bool isOpen() = 0;
  virtual bool publish(const Message& message) = 0;
  /** Keeps the session alive; called often. */
  virtual void service() = 0;
  /** Ends the session with a DISCONNECT: the last will is not sent. */
  virtual void close() = 0;
  /** Why the last `open` failed, for the log. */
  virtual std::string failure() const = 0;
};

/** Keeps one connection up and carries an outbox over it. It runs in a task of its own, so it may block. */
class Courier {
 public:
  using Log = std::function<void(const std::string&)>;

  Courier(Connection& connection, Outbox& outbox, Greeting greeting, std::uint32_t seed, Log log);

  /** One turn. `mayConnect` says that the network is there and, for TLS, that the clock is right. */
  void step(std::uint32_t nowMs, bool mayConnect);
  /** Says goodbye: `offline`, then DISCONNECT. */
  void finish();
  /** Times that a connection came about after the first. */
  std::uint32_t reconnects() const { return connects_ == 0 ? 0 : connects_ - 1; }

 private:
  void connect(std::uint32_t nowMs);
  void carry(std::uint32_t nowMs);
  void lost(std::uint32_t nowMs);
  bool greet();

  Connection& connection_;
  Outbox& outbox_;
  Greeting greeting_;
  Backoff backoff_;
  Log log_;
  bool wasOpen_ = false;
  std::uint32_t openSinceMs_ = 0;
  std::atomic<std::uint32_t> connects_{0};
};

/** Payloads of the status topic. */
extern const char* const kOnline;
extern const char* const kOffline;

}  // namespace sensornode
