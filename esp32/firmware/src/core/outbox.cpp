#include "outbox.h"

namespace sensornode {

void Outbox::put(const Message& message) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.message.topic != message.topic) continue;
    entry.message = message;
    entry.version += 1;
    return;
  }
  entries_.push_back(Entry{message, 1, 0});
}

void Outbox::sendAgain() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& entry : entries_) entry.version += 1;
}

bool Outbox::flush(const std::function<bool(const Message&)>& send) {
  Entry entry{};
  for (std::size_t index = 0; nextDue(index, entry); ++index) {
    // Sending may take long; measuring goes on meanwhile.
    if (!send(entry.message)) return false;
    markSent(index, entry.version);
  }
  return true;
}

bool Outbox::nextDue(std::size_t& index, Entry& entry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  while (index < entries_.size() && entries_[index].version == entries_[index].sentVersion) ++index;
  if (index >= entries_.size()) return false;
  entry = entries_[index];
  return true;
}

void Outbox::markSent(std::size_t index, std::uint32_t version) {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_[index].sentVersion = version;
}

}  // namespace sensornode
