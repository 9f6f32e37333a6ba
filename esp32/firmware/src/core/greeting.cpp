#include "greeting.h"

namespace sensornode {

Greeting greetingOf(const Settings& settings, const std::string& deviceId, Way way) {
  const Topics topics(settings.topicPrefix);
  const bool isSecure = way == Way::secure;
  Greeting greeting;
  greeting.clientId = deviceId + (isSecure ? "-s" : "-p");
  if (isSecure) {
    greeting.username = settings.username;
    greeting.password = settings.password;
  }
  greeting.statusTopic = isSecure ? topics.secureStatus : topics.plainStatus;
  greeting.announcements = discoveryMessages(settings, deviceId, way);
  return greeting;
}

}  // namespace sensornode
