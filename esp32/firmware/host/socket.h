#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace sensornode {

/** A connected stream. */
class Socket {
 public:
  virtual ~Socket() = default;
  /** True when all of it went out. */
  virtual bool write(const std::string& octets) = 0;
  /** Up to `most` octets within `timeoutMs`; empty when none came. */
  virtual std::string read(std::size_t most, int timeoutMs) = 0;
  virtual bool isOpen() const = 0;
};

/** Plain TCP; null and a reason when it did not come about. */
std::unique_ptr<Socket> openTcp(const std::string& host, std::uint16_t port, std::string& reason);

/** TLS 1.2 or newer, with a peer that the CA (PEM) vouches for under the name that is dialled. */
std::unique_ptr<Socket> openTls(const std::string& host, std::uint16_t port, const std::string& ca,
                                std::string& reason);

}  // namespace sensornode
