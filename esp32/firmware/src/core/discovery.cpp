#include "discovery.h"

#include "json.h"

namespace sensornode {

namespace {

struct Entity {
  Way way;
  const char* component;
  const char* object;
  const char* name;
  /** Further properties, as JSON that starts with a comma. */
  const char* more;
};

const Entity kEntities[] = {
    {Way::secure, "sensor", "temperature", "Temperature",
     ",\"device_class\":\"temperature\",\"unit_of_measurement\":\"\u00b0C\",\"state_class\":\"measurement\","
     "\"value_template\":\"{{ value_json.temp_c }}\""},
    {Way::secure, "sensor", "humidity", "Humidity",
     ",\"device_class\":\"humidity\",\"unit_of_measurement\":\"%\",\"state_class\":\"measurement\","
     "\"value_template\":\"{{ value_json.hum_pct }}\""},
    {Way::secure, "sensor", "light", "Light",
     ",\"unit_of_measurement\":\"%\",\"state_class\":\"measurement\","
     "\"value_template\":\"{{ value_json.ldr_pct }}\""},
    {Way::plain, "binary_sensor", "motion", "Motion",
     ",\"device_class\":\"motion\",\"payload_on\":\"1\",\"payload_off\":\"0\","
     "\"value_template\":\"{{ value_json.pir }}\""},
};

std::string stateTopic(const Topics& topics, const Entity& entity) {
  if (entity.way == Way::plain) return topics.pir;
  return std::string(entity.object) == "light" ? topics.ldr : topics.dht;
}

std::string config(const Topics& topics, const Entity& entity, const std::string& deviceId) {
  const std::string& status = entity.way == Way::plain ? topics.plainStatus : topics.secureStatus;
  return "{\"name\":" + jsonString(entity.name) +
         ",\"unique_id\":" + jsonString(deviceId + "_" + entity.object) +
         ",\"state_topic\":" + jsonString(stateTopic(topics, entity)) +
         ",\"availability_topic\":" + jsonString(status) + entity.more +
         ",\"device\":{\"identifiers\":[" + jsonString(deviceId) + "],\"name\":" + jsonString(deviceId) +
         ",\"model\":\"ESP32 with DHT, LDR and PIR\",\"sw_version\":" + jsonString(kFirmwareVersion) + "}}";
}

}  // namespace

std::vector<Message> discoveryMessages(const Settings& settings, const std::string& deviceId, Way way) {
  std::vector<Message> messages;
  if (settings.discoveryPrefix.empty()) return messages;
  const Topics topics(settings.topicPrefix);
  for (const Entity& entity : kEntities) {
    if (entity.way != way) continue;
    messages.push_back(Message{settings.discoveryPrefix + "/" + entity.component + "/" + deviceId + "/" +
                                   entity.object + "/config",
                               config(topics, entity, deviceId), true});
  }
  return messages;
}

}  // namespace sensornode
