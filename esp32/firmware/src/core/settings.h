#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "payloads.h"

namespace sensornode {

/** All that differs between two devices. It is kept on the device and never in git. */
struct Settings {
  std::string wifiSsid;
  std::string wifiPassword;
  /** The broker's name, as its certificate carries it. */
  std::string host;
  std::uint16_t plainPort = 1883;
  std::uint16_t tlsPort = 8883;
  std::string username;
  std::string password;
  /** PEM of the CA that vouches for the broker. */
  std::string caCertificate;
  std::string topicPrefix = "sensors/faris";
  /** Home Assistant looks for devices here; empty tells it nothing. */
  std::string discoveryPrefix;
  std::string timeServer = "pool.ntp.org";
  DhtModel dht = DhtModel::dht11;
};

/** What the user must mend, in words; empty when the device can work with the settings. */
std::vector<std::string> problemsOf(const Settings& settings);

/** Topics of a device, from its prefix. */
struct Topics {
  explicit Topics(const std::string& prefix);

  std::string dht;
  std::string ldr;
  std::string pir;
  std::string health;
  /** `online`, and `offline` as the last will: one for each connection, since each may be lost alone. */
  std::string secureStatus;
  std::string plainStatus;
};

}  // namespace sensornode
