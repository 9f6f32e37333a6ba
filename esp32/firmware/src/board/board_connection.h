#pragma once

#include <PubSubClient.h>
#include <WiFiClient.h>
#include <WiFiClientSecure.h>

#include "../core/courier.h"
#include "../core/settings.h"

namespace sensornode {

/** MQTT 3.1.1 by PubSubClient over any client of the Arduino core. */
class BoardConnection : public Connection {
 public:
  BoardConnection(Client& client, const Settings& settings, std::uint16_t port);

  bool open(const Greeting& greeting) override;
  bool isOpen() override;
  bool publish(const Message& message) override;
  void service() override;
  void close() override;
  std::string failure() const override;

 private:
  /** PubSubClient keeps a pointer to it. */
  std::string host_;
  mutable PubSubClient mqtt_;
};

/** A TLS client that believes the CA of the settings and nothing else. The settings must outlive it. */
void trustOnly(WiFiClientSecure& client, const Settings& settings);

}  // namespace sensornode
