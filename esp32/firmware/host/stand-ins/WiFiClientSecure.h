#pragma once

#include "WiFiClient.h"

// Without setInsecure: code that would switch verification off does not compile here.
class WiFiClientSecure : public WiFiClient {
 public:
  void setCACert(const char* rootCa);
  void setHandshakeTimeout(unsigned long seconds);
};
