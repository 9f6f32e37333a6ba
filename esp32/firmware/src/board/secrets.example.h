#pragma once

// Copy to secrets.h (git ignores it) to build settings in; without it the device opens its set-up page.

#define SECRET_WIFI_SSID "my network"
#define SECRET_WIFI_PASSWORD "its password"
// As the certificate names it; the certificates of the lab carry what npm run lab:certs -- --name is told.
#define SECRET_BROKER "broker.lan"
#define SECRET_USERNAME "labuser"
#define SECRET_PASSWORD "labpass"
// brokers/secure/certs/ca.crt
#define SECRET_CA \
  "-----BEGIN CERTIFICATE-----\n" \
  "...\n" \
  "-----END CERTIFICATE-----\n"
