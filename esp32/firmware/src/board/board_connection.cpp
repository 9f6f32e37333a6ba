#include "board_connection.h"

namespace sensornode {

namespace {

/** Readings are short; the discovery messages of Home Assistant are the longest. */
constexpr std::uint16_t kPacketBytes = 1024;
constexpr std::uint16_t kKeepAliveSeconds = 30;
/** Both below the watchdog's patience. */
constexpr std::uint16_t kAnswerSeconds = 8;
constexpr unsigned long kTlsSeconds = 12;

}  // namespace

BoardConnection::BoardConnection(Client& client, const Settings& settings, std::uint16_t port)
    : host_(settings.host), mqtt_(client) {
  mqtt_.setServer(host_.c_str(), port);
  mqtt_.setBufferSize(kPacketBytes);
  mqtt_.setKeepAlive(kKeepAliveSeconds);
  mqtt_.setSocketTimeout(kAnswerSeconds);
}

bool BoardConnection::open(const Greeting& greeting) {
  const bool hasLogin = !greeting.username.empty();
  return mqtt_.connect(greeting.clientId.c_str(), hasLogin ? greeting.username.c_str() : nullptr,
                       hasLogin ? greeting.password.c_str() : nullptr, greeting.statusTopic.c_str(), 0, true,
                       kOffline);
}

bool BoardConnection::isOpen() { return mqtt_.connected(); }

bool BoardConnection::publish(const Message& message) {
  return mqtt_.publish(message.topic.c_str(), message.payload.c_str(), message.retain);
}

void BoardConnection::service() { mqtt_.loop(); }

void BoardConnection::close() { mqtt_.disconnect(); }

std::string BoardConnection::failure() const { return "state " + std::to_string(mqtt_.state()); }

void trustOnly(WiFiClientSecure& client, const Settings& settings) {
  client.setCACert(settings.caCertificate.c_str());
  client.setHandshakeTimeout(kTlsSeconds);
}

}  // namespace sensornode
