#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "../src/core/courier.h"
#include "socket.h"

namespace sensornode {

/** The least of MQTT 3.1.1 that this device needs, over a socket of this machine. */
class HostConnection : public Connection {
 public:
  /** Opens a stream, or says why not. */
  using Dial = std::function<std::unique_ptr<Socket>(std::string& reason)>;

  explicit HostConnection(Dial dial) : dial_(std::move(dial)) {}

  bool open(const Greeting& greeting) override;
  bool isOpen() override { return socket_ != nullptr && socket_->isOpen(); }
  bool publish(const Message& message) override;
  void service() override;
  void close() override;
  std::string failure() const override { return failure_; }

 private:
  bool send(const std::string& packet);

  Dial dial_;
  std::unique_ptr<Socket> socket_;
  std::string failure_;
  std::chrono::steady_clock::time_point sentAt_;
};

}  // namespace sensornode
