#pragma once

#include "Arduino.h"

class DNSServer {
 public:
  bool start(std::uint16_t port, const String& domainName, const IPAddress& resolvedIp);
  void processNextRequest();
};
