import assert from 'node:assert/strict';
import { Message } from '../message';
import { disclosures, Redactor } from '.';

const redactor = new Redactor('salt');
const SECRET = 'Xk9-fQ2mZr7vLw3T';
const CODE = '482913';

/** Names of members, of assignments and of topics. */
const EVERYWHERE =
  'password passwd pass pwd userPassword user_password node_password mqttPassword mqtt_pass wifiPassword wifi_pwd wifi_key wlanKey wpa2_psk wpa_passphrase psk pre_shared_key networkPassword ap_password softap_password adminPassword root_password ftp_password smtp_pass db_pass cameraPassword otaPassword apiKey api_key access_token authToken secret clientSecret shared_secret secretKey access_key privateKey encryption_key aes_key network_key master_key appKey nwkSKey link_key bind_key local_key device_key session_key hmac_key signing_key wepKey guestPassword passwort kennwort contraseña motdepasse senha wachtwoord parola heslo hasło пароль 密码 kata_laluan kata_sandi';
/** Elsewhere they are words of the language. */
const AS_MEMBERS = 'mqtt_pw bearer authorization credentials WLAN-Schlüssel lozinka sandi_wifi rootpw';
const CODES =
  'pinCode pin_code userCode alarmCode door_code accessCode lockCode unlockCode keypadCode disarmCode masterCode';
const CODES_AS_MEMBERS = 'pin duressCode puk sim_pin setupPinCode';
/** What sounds alike. */
const HARMLESS =
  'bypass compass passenger password_policy has_password reset_password_at password_length pwd_len pins pinout ping code error_code zipcode barcode country_code keyboard keyframe hotkey primary_key sort_key cache_key routing_key public_key pubkey key_id keyid token_count token_type tokenizer csrf session_id monkey turkey author authority encoding cipher algorithm wifi_mode ssid_count scope certificate fingerprint nonce';

const grave = (topic: string, payload: string): number =>
  disclosures(new Message(topic, Buffer.from(payload)), false, redactor)?.findings.filter(
    ({ severity }) => severity !== 'LOW',
  ).length ?? 0;

describe('a name', () => {
  for (const [names, value] of [
    [`${EVERYWHERE} ${AS_MEMBERS}`, SECRET],
    [`${CODES} ${CODES_AS_MEMBERS}`, CODE],
  ] as const) {
    for (const name of names.split(' ')) {
      it(`${name} is one of a secret, in JSON and as a topic`, () => {
        assert.equal(grave('a/b', JSON.stringify({ [name]: value })), 1);
        assert.equal(grave(`a/${name}`, value), 1);
      });
    }
  }

  for (const [names, value] of [
    [EVERYWHERE, SECRET],
    [CODES, CODE],
  ] as const) {
    for (const name of names.split(' ')) {
      it(`${name} is one of a secret in texts`, () => {
        for (const text of [`${name}=${value}`, `${name}: ${value}`, `ok, "${name}" = "${value}"`])
          assert.equal(grave('a/b', text), 1, text);
      });
    }
  }

  for (const name of HARMLESS.split(' ')) {
    it(`${name} is none of a secret`, () => {
      for (const value of ['c5a3f0e9b7d14c5a3f0e9b7d1', 'living-room-lamp', '4711', 4711])
        assert.equal(grave('a/b', JSON.stringify({ [name]: value })), 0, `${value}`);
      assert.equal(grave('a/b', `${name}=living-room-lamp`), 0);
    });
  }
});
