#include "settings_store.h"

#include <Preferences.h>

#if __has_include("secrets.h")
#include "secrets.h"
#endif

namespace sensornode {

namespace {

/** At most 15 characters, as are all keys. */
const char* const kNamespace = "sensornode";

Settings builtIn() {
  Settings settings;
#ifdef SECRET_WIFI_SSID
  settings.wifiSsid = SECRET_WIFI_SSID;
  settings.wifiPassword = SECRET_WIFI_PASSWORD;
  settings.host = SECRET_BROKER;
  settings.username = SECRET_USERNAME;
  settings.password = SECRET_PASSWORD;
  settings.caCertificate = SECRET_CA;
#endif
  return settings;
}

std::string text(Preferences& stored, const char* key, const std::string& fallback) {
  return stored.getString(key, fallback.c_str()).c_str();
}

}  // namespace

Settings loadSettings() {
  Settings settings = builtIn();
  Preferences stored;
  if (!stored.begin(kNamespace, true)) return settings;
  settings.wifiSsid = text(stored, "ssid", settings.wifiSsid);
  settings.wifiPassword = text(stored, "psk", settings.wifiPassword);
  settings.host = text(stored, "host", settings.host);
  settings.plainPort = stored.getUShort("plain", settings.plainPort);
  settings.tlsPort = stored.getUShort("tls", settings.tlsPort);
  settings.username = text(stored, "user", settings.username);
  settings.password = text(stored, "word", settings.password);
  settings.caCertificate = text(stored, "ca", settings.caCertificate);
  settings.topicPrefix = text(stored, "prefix", settings.topicPrefix);
  settings.discoveryPrefix = text(stored, "discovery", settings.discoveryPrefix);
  settings.timeServer = text(stored, "time", settings.timeServer);
  settings.dht = stored.getUShort("dht", 11) == 22 ? DhtModel::dht22 : DhtModel::dht11;
  stored.end();
  return settings;
}

void saveSettings(const Settings& settings) {
  Preferences stored;
  if (!stored.begin(kNamespace, false)) return;
  stored.putString("ssid", settings.wifiSsid.c_str());
  stored.putString("psk", settings.wifiPassword.c_str());
  stored.putString("host", settings.host.c_str());
  stored.putUShort("plain", settings.plainPort);
  stored.putUShort("tls", settings.tlsPort);
  stored.putString("user", settings.username.c_str());
  stored.putString("word", settings.password.c_str());
  stored.putString("ca", settings.caCertificate.c_str());
  stored.putString("prefix", settings.topicPrefix.c_str());
  stored.putString("discovery", settings.discoveryPrefix.c_str());
  stored.putString("time", settings.timeServer.c_str());
  stored.putUShort("dht", settings.dht == DhtModel::dht22 ? 22 : 11);
  stored.end();
}

}  // namespace sensornode
