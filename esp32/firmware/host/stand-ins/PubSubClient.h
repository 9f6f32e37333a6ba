#pragma once

#include <cstdint>

#include "Client.h"

class PubSubClient {
 public:
  explicit PubSubClient(Client& client);
  PubSubClient& setServer(const char* domain, std::uint16_t port);
  PubSubClient& setKeepAlive(std::uint16_t seconds);
  PubSubClient& setSocketTimeout(std::uint16_t seconds);
  bool setBufferSize(std::uint16_t bytes);
  bool connect(const char* id, const char* user, const char* pass, const char* willTopic, std::uint8_t willQos,
               bool willRetain, const char* willMessage);
  void disconnect();
  bool publish(const char* topic, const char* payload, bool retained);
  bool loop();
  bool connected();
  int state();
};
