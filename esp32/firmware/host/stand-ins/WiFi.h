#pragma once

#include "Arduino.h"

enum wl_status_t { WL_IDLE_STATUS = 0, WL_CONNECTED = 3, WL_DISCONNECTED = 6 };
enum wifi_mode_t { WIFI_OFF = 0, WIFI_STA, WIFI_AP, WIFI_AP_STA };

class WiFiClass {
 public:
  bool mode(wifi_mode_t mode);
  bool setAutoReconnect(bool autoReconnect);
  wl_status_t begin(const char* ssid, const char* passphrase = nullptr);
  wl_status_t status();
  bool softAP(const char* ssid, const char* passphrase = nullptr);
  IPAddress softAPIP();
};
extern WiFiClass WiFi;
