#include "setup_page.h"

#include <cstdint>

namespace sensornode {

namespace {

std::string escaped(const std::string& text) {
  std::string html;
  for (const char character : text) {
    switch (character) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += character;
    }
  }
  return html;
}

std::string field(const char* name, const char* label, const std::string& value, const char* type = "text") {
  return std::string("<label>") + label + "<input name=\"" + name + "\" type=\"" + type + "\" value=\"" +
         escaped(value) + "\"></label>\n";
}

bool takePort(const std::string& text, std::uint16_t& port) {
  if (text.empty() || text.size() > 5) return false;
  std::uint32_t number = 0;
  for (const char character : text) {
    if (character < '0' || character > '9') return false;
    number = number * 10 + static_cast<std::uint32_t>(character - '0');
  }
  if (number == 0 || number > 65535) return false;
  port = static_cast<std::uint16_t>(number);
  return true;
}

}  // namespace

std::string setupPage(const Settings& settings, const std::vector<std::string>& problems) {
  std::string page =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>Sensor set-up</title><style>body{font:16px sans-serif;max-width:30em;"
      "margin:auto;padding:1em}label{display:block;margin:.6em 0}input,textarea,select{width:100%;font:inherit}"
      "</style><h1>Sensor set-up</h1>\n";
  for (const std::string& problem : problems) page += "<p role=\"alert\">" + escaped(problem) + "</p>\n";
  const bool is22 = settings.dht == DhtModel::dht22;
  page += "<form method=\"post\" action=\"/save\">\n" + field("ssid", "Wi-Fi name", settings.wifiSsid) +
          field("psk", "Wi-Fi password (empty keeps the stored one)", "", "password") +
          field("host", "Broker, as its certificate names it", settings.host) +
          field("plain", "Port without TLS", std::to_string(settings.plainPort)) +
          field("tls", "Port with TLS", std::to_string(settings.tlsPort)) +
          field("user", "User name", settings.username) +
          field("word", "Password (empty keeps the stored one)", "", "password") +
          "<label>CA certificate (PEM; empty keeps the stored one)<textarea name=\"ca\" rows=\"6\"></textarea></label>\n" +
          field("prefix", "Topic prefix", settings.topicPrefix) +
          field("discovery", "Home Assistant prefix (empty: off)", settings.discoveryPrefix) +
          field("time", "Time server", settings.timeServer) +
          "<label>Sensor<select name=\"dht\"><option value=\"11\">DHT11</option><option value=\"22\"" +
          (is22 ? " selected" : "") + ">DHT22</option></select></label>\n<button>Save</button></form></html>\n";
  return page;
}

bool takeField(const std::string& name, const std::string& value, Settings& settings) {
  if (value.size() > kLongestField) return false;
  if (name == "ssid") settings.wifiSsid = value;
  if (name == "psk" && !value.empty()) settings.wifiPassword = value;
  if (name == "host") settings.host = value;
  if (name == "plain") return takePort(value, settings.plainPort);
  if (name == "tls") return takePort(value, settings.tlsPort);
  if (name == "user") settings.username = value;
  if (name == "word" && !value.empty()) settings.password = value;
  if (name == "ca" && !value.empty()) settings.caCertificate = value;
  if (name == "prefix") settings.topicPrefix = value;
  if (name == "discovery") settings.discoveryPrefix = value;
  if (name == "time") settings.timeServer = value;
  if (name == "dht") settings.dht = value == "22" ? DhtModel::dht22 : DhtModel::dht11;
  return true;
}

}  // namespace sensornode
