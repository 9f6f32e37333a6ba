#include "settings.h"

namespace sensornode {

namespace {

/** IEEE 802.11: a name of 1 to 32 octets; WPA: a phrase of 8 to 63, or 64 hexadecimal digits. */
constexpr std::size_t kLongestSsid = 32;
constexpr std::size_t kShortestPhrase = 8;
constexpr std::size_t kLongestPhrase = 64;
constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestPrefix = 64;
/** The flash memory keeps texts of up to 4000 octets; a CA certificate with an RSA key of 4096 bits takes 2 KB. */
constexpr std::size_t kLongestCa = 3900;

bool isHost(const std::string& text) {
  if (text.empty() || text.size() > kLongestHost) return false;
  for (const char character : text) {
    const bool isLetter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    const bool isDigit = character >= '0' && character <= '9';
    if (!isLetter && !isDigit && character != '-' && character != '.' && character != ':') return false;
  }
  return true;
}

/** A topic to publish to: no wildcards, no broker's own topic, no empty level (MQTT 3.1.1 §4.7). */
bool isPrefix(const std::string& text) {
  if (text.empty() || text.size() > kLongestPrefix) return false;
  if (text.front() == '/' || text.front() == '$' || text.back() == '/') return false;
  if (text.find("//") != std::string::npos) return false;
  for (const char character : text) {
    if (character == '+' || character == '#' || static_cast<unsigned char>(character) < 0x20) return false;
  }
  return true;
}

bool isPem(const std::string& text) {
  return text.size() <= kLongestCa && text.find("-----BEGIN CERTIFICATE-----") != std::string::npos &&
         text.find("-----END CERTIFICATE-----") != std::string::npos;
}

}  // namespace

std::vector<std::string> problemsOf(const Settings& settings) {
  std::vector<std::string> problems;
  const auto require = [&problems](bool holds, const char* problem) {
    if (!holds) problems.push_back(problem);
  };
  require(!settings.wifiSsid.empty() && settings.wifiSsid.size() <= kLongestSsid,
          "The name of the Wi-Fi must have 1 to 32 characters.");
  require(settings.wifiPassword.empty() || (settings.wifiPassword.size() >= kShortestPhrase &&
                                            settings.wifiPassword.size() <= kLongestPhrase),
          "The Wi-Fi password must have 8 to 64 characters, or be empty for an open network.");
  require(isHost(settings.host), "The broker must be a host name or an address.");
  require(settings.plainPort != 0 && settings.tlsPort != 0, "A port must be a number from 1 to 65535.");
  require(!settings.username.empty() && !settings.password.empty(),
          "The secure broker needs a user name and a password.");
  require(isPem(settings.caCertificate),
          "The CA certificate must be PEM text (BEGIN CERTIFICATE to END CERTIFICATE).");
  require(isPrefix(settings.topicPrefix), "The topic prefix must not have wildcards or empty levels.");
  require(settings.discoveryPrefix.empty() || isPrefix(settings.discoveryPrefix),
          "The discovery prefix must not have wildcards or empty levels.");
  require(isHost(settings.timeServer), "The time server must be a host name or an address.");
  return problems;
}

Topics::Topics(const std::string& prefix)
    : dht(prefix + "/dht_secure"),
      ldr(prefix + "/ldr_secure"),
      pir(prefix + "/pir_insecure"),
      health(prefix + "/health"),
      secureStatus(prefix + "/status_secure"),
      plainStatus(prefix + "/status_insecure") {}

}  // namespace sensornode
