#include "backoff.h"

namespace sensornode {

Backoff::Backoff(std::uint32_t firstMs, std::uint32_t longestMs, std::uint32_t seed)
    // A xorshift generator stays at 0 for ever.
    : firstMs_(firstMs), longestMs_(longestMs), nextMs_(firstMs), state_(seed == 0 ? 1 : seed) {}

bool Backoff::isDue(std::uint32_t nowMs) const { return nowMs - sinceMs_ >= delayMs_; }

void Backoff::failed(std::uint32_t nowMs) {
  const std::uint32_t spread = nextMs_ / 2;
  delayMs_ = nextMs_ - spread / 2 + (spread == 0 ? 0 : random() % (spread + 1));
  sinceMs_ = nowMs;
  nextMs_ = nextMs_ >= longestMs_ / 2 ? longestMs_ : nextMs_ * 2;
}

void Backoff::succeeded() {
  nextMs_ = firstMs_;
  delayMs_ = 0;
}

std::uint32_t Backoff::random() {
  // xorshift32 (Marsaglia 2003).
  state_ ^= state_ << 13;
  state_ ^= state_ >> 17;
  state_ ^= state_ << 5;
  return state_;
}

}  // namespace sensornode
