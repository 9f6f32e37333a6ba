#pragma once

#include <cstdint>

namespace sensornode {

/**
 * When to try again: at once, then after delays that double up to a limit, each changed by up to a quarter so
 * that devices that lost power together do not come back together. Times are milliseconds since start and may
 * wrap (after 49 days), as millis() does.
 */
class Backoff {
 public:
  Backoff(std::uint32_t firstMs, std::uint32_t longestMs, std::uint32_t seed);

  /** True when it is time for an attempt. */
  bool isDue(std::uint32_t nowMs) const;
  /** An attempt failed, or what it brought did not last. */
  void failed(std::uint32_t nowMs);
  /** It works, and has for a while: the next failure starts with the first delay again. */
  void succeeded();
  /** The delay that runs now; 0 before the first failure. */
  std::uint32_t delayMs() const { return delayMs_; }

 private:
  std::uint32_t random();

  std::uint32_t firstMs_;
  std::uint32_t longestMs_;
  std::uint32_t nextMs_;
  std::uint32_t delayMs_ = 0;
  std::uint32_t sinceMs_ = 0;
  std::uint32_t state_;
};

}  // namespace sensornode
