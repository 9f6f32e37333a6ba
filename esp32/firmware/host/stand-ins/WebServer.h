#pragma once

#include <functional>

#include "Arduino.h"

enum HTTPMethod { HTTP_GET = 1, HTTP_POST = 3 };

class WebServer {
 public:
  using THandlerFunction = std::function<void()>;

  explicit WebServer(int port = 80);
  void on(const String& uri, HTTPMethod method, THandlerFunction handler);
  void onNotFound(THandlerFunction handler);
  void begin();
  void handleClient();
  void send(int code, const char* contentType, const char* content);
  int args();
  String arg(int index);
  String argName(int index);
};
