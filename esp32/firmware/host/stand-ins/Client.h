#pragma once

/** What a socket of the Arduino core is to a library. */
class Client {
 public:
  virtual ~Client() = default;
};
