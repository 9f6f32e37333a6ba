import type { ProtocolVersion } from '../model';

/** How the programs of mosquitto are told a version. */
export const MOSQUITTO_VERSIONS: Readonly<Record<ProtocolVersion, string>> = {
  3: 'mqttv31',
  4: 'mqttv311',
  5: 'mqttv5',
};

/** Places to fill in, which the reports explain; never a login or a file of the scan itself. */
export const USER_WORD = '"$MQTT_USER"';
export const PASSWORD_WORD = '"$MQTT_PASSWORD"';

/** Trusts the authority that is given, whatever name the certificate bears: brokers are asked by their addresses. */
export const TRUST_OPTIONS = '--cafile "$CA_FILE" --insecure';
export const CERTIFICATE_OPTIONS = '--cert "$CLIENT_CERTIFICATE" --key "$CLIENT_KEY"';
