#include "host_connection.h"

#include "packets.h"

namespace sensornode {

namespace {

constexpr std::uint16_t kKeepAliveSeconds = 30;
constexpr int kAnswerMs = 5000;
/** Half the promise, so that one late turn does not break it. */
constexpr std::chrono::seconds kPingAfter{kKeepAliveSeconds / 2};
constexpr std::size_t kConnackOctets = 4;
constexpr std::size_t kReadOctets = 512;

}  // namespace

bool HostConnection::open(const Greeting& greeting) {
  socket_ = dial_(failure_);
  if (socket_ == nullptr) return false;
  std::string answer;
  if (send(connectPacket(greeting, kKeepAliveSeconds))) {
    // A stream may hand out the four octets one by one.
    while (answer.size() < kConnackOctets) {
      const std::string part = socket_->read(kConnackOctets - answer.size(), kAnswerMs);
      if (part.empty()) break;
      answer += part;
    }
  }
  const int code = connackCode(answer);
  if (code == 0) return true;
  failure_ = code < 0 ? "no answer to CONNECT" : "refused with code " + std::to_string(code);
  socket_.reset();
  return false;
}

bool HostConnection::publish(const Message& message) { return send(publishPacket(message)); }

void HostConnection::service() {
  if (!isOpen()) return;
  if (std::chrono::steady_clock::now() - sentAt_ >= kPingAfter) send(pingPacket());
  // Nothing is subscribed: what comes are answers to pings, and the end.
  socket_->read(kReadOctets, 0);
}

void HostConnection::close() {
  send(disconnectPacket());
  socket_.reset();
}

bool HostConnection::send(const std::string& packet) {
  if (!isOpen()) return false;
  sentAt_ = std::chrono::steady_clock::now();
  return socket_->write(packet);
}

}  // namespace sensornode
