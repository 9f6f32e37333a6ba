#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "message.h"

namespace sensornode {

/**
 * The newest message of each topic, handed from the task that measures to the task that sends. An older reading
 * that was not sent is worth nothing beside a newer one, so nothing queues up while a broker is away.
 */
class Outbox {
 public:
  void put(const Message& message);
  /** All topics are to be sent again: a broker that was restarted has forgotten them. */
  void sendAgain();
  /** Hands what is due to `send` until that says no. True when all of it was sent. */
  bool flush(const std::function<bool(const Message&)>& send);

 private:
  struct Entry {
    Message message;
    std::uint32_t version;
    std::uint32_t sentVersion;
  };

  bool nextDue(std::size_t& index, Entry& entry);
  void markSent(std::size_t index, std::uint32_t version);

  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace sensornode
