#pragma once

#include <string>

namespace sensornode {

/** One PUBLISH of this device: QoS 0; retained unless said otherwise, so that who subscribes later gets the newest. */
struct Message {
  std::string topic;
  std::string payload;
  bool retain;
};

}  // namespace sensornode
