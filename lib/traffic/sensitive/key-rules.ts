import type { JsonDocument, JsonNode } from '../json';
import type { Message } from '../message';
import { normalised } from '../quantities';
import { codeHit, namesCode } from './code-rules';
import { entropyOf, type Hit, isFolder, isPlaceholder, type Looked, passwordIn } from './hit';
import { hitAt, MAX_KEY, type NamedNode, namesOf } from './leaf';
import { personalHit } from './personal-rules';
import { placesIn } from './place-rules';

/** Values of one message that are looked at. */
const MAX_LEAVES = 2000;
const MAX_HITS = 40;

/** In the languages of those who name members of their messages. */
const PASSWORD_WORDS =
  'password|passwd|passphrase|pwd|passwort|kennwort|contraseña|contrasena|motdepasse|senha|wachtwoord|parola|katalaluan|katasandi|lösenord|losenord|passord|adgangskode|salasana|heslo|hasło|haslo|lozinka|jelszó|jelszo|şifre|пароль|密码|密碼|パスワード';
const PASSWORD = new RegExp(
  `(?:${PASSWORD_WORDS})s?\\d{0,3}$|^(?:(?:mqtt|wifi|ap|softap|sta|web|ota|user|login|admin|root|db|ftp|ssh|smtp|imap|mail|email|auth|wlan|net|http|rtsp|camera|cam|nvr|vpn|proxy|broker|server|device|node|bridge|client|hotspot|guest|plc)?(?:pass|pw)\\d{0,3})$`,
);
const WIFI =
  /^(?:(?:wifi|wlan|wpa2?|wep|ssid)\w{0,12}(?:psk|key|pwd|pass\w{0,6})|(?:wlan|netzwerk|wifi)schlüssel|(?:kunci|sandi|clave)wifi|(?:ap|sta)(?:psk|pwd|pass\w{0,6})|(?:wpa)?psk|presharedkey)\d{0,3}$/;
/** Of these a number may be one: `pass` counts tests, and `token` what was used. */
const NUMERIC_PASSWORD = new RegExp(`(?:${PASSWORD_WORDS.replace('|pwd', '')})\\d{0,3}$`);
/** Next to the name of a network. */
const NETWORK_KEY = /^(?:wep|network|net)?key\d{0,3}$/;
const NO_NETWORK_KEY = /^(?:wpa|wep|open|none|psk|sae|eap)/i;
const SSID = /(?<!b)ssid\d{0,3}$/;
const ONE_TIME =
  /^(?:otp|otpcode|totp|totpcode|onetimepassword|onetimecode|verificationcode|twofactorcode|mfacode|pairingcode|setupcode)$/;
/** Digits, in groups or behind the letter of who sends it; as a text, for `otp` is also a limit of temperature. */
const ONE_TIME_VALUE = /^(?:[A-Z]-)?\d[\d -]{2,10}\d$/;
const LINK = /^[a-z][a-z0-9+.-]{1,16}:\/\//i;
const COOKIE = /^(?:set|session|auth|login)?cookies?$/;
/** `session=…`: what is long enough to be more than a preference. */
const COOKIE_PAIR = /(?:^|;\s?)[\w.-]{1,64}=([^;\s]{12,4096})/;
/** Objects of which every text is a secret but those that say whose and where. */
const SECRETS = /^(?:credentials?|passwords|secrets)$/;
const NO_SECRET =
  /(?:user|login|name|type|kind|method|scheme|id|host|server|url|uri|realm|domain|scope|status|state|role|email|provider|issuer|at|date|time|ssid|file|path|version|description|message|mode|level|source|algorithm|format|encoding|cipher|backend|store)$/;
/** Says that there is one, or what to do with it. */
const ABOUT_PASSWORD = new RegExp(
  `^(?:has|is|show|require|reset|forgot|change|use|no|need|allow|hide|min|max|enable)[ds]?(?:the|a|any|default|strong)?(?:${PASSWORD_WORDS}|pass)`,
);
const TOKEN =
  /(?:accesstoken|authtoken|refreshtoken|apitoken|bearertoken|bottoken|sessiontoken|apikey|authkey|accesskey|secretkey|clientsecret|sharedsecret|secretaccesskey|longlivedtoken|sessionkey|hmackey)$|^(?:token|secret|authorization|bearer|credential)$|(?:token|secret)$/;
/** Counters, kinds and names of tokens. */
const NO_TOKEN =
  /^(?:max|num|total|used|prompt|completion|remaining|input|output|count|csrf|page|next|device|push)?tokens?(?:count|type|name|id|limit)$|^(?:nextpage|page|max|num|csrf)token$/;
const ENCRYPTION =
  /^(?:networkkey|encryptionkey|noisepsk|aeskey|appkey|nwkkey|appskey|nwkskey|appsessionkey|networksessionkey|installcode|linkkey|tclinkkey|masterkey|securitykey|bindkey|privatekey|localkey|devicekey|encryptkey|meshkey|psk|channelpsk|s2key|s0key|s0legacy|s2(?:un)?authenticated(?:lr)?|s2accesscontrol(?:lr)?|dsk)$/;
const GENERIC = /(?:key|secret|token|auth|credential)s?$/;
/** Keys of databases, queues and caches, and words that end so. */
const NO_KEY =
  /(?:pub|primary|foreign|sort|partition|routing|cache|idempotency|row|hot|legend|mon|tur|don|whis|hoc|joc|turn)key$/;
/** What looks random and is public. */
const PUBLIC =
  /(?:id|uid|uuid|guid|hash|mac|eui|session|public|nonce|etag|serial|version|fingerprint|signature|checksum|sha\d*|md5|crc|revision|commit|thumbprint)/;
const USER = /^(?:mqtt|broker|wifi|ftp|smtp|db)?(?:username|user|login)$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAC = /^(?:0x)?[0-9a-f]{12}(?:[0-9a-f]{4})?$|^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5,7}$/i;

/** What is sensitive in a JSON payload by the names of its members. */
export function keyHits(message: Message, json: JsonDocument): Looked {
  const hits: Hit[] = [];
  const objects = new Set<JsonNode>();
  // The reader has caps of its own.
  let end = json.isCapped ? json.leaves.at(-1)?.end : undefined;
  for (const [i, leaf] of json.leaves.entries()) {
    const { parent } = leaf;
    if (hits.length >= MAX_HITS || i >= MAX_LEAVES) {
      end = leaf.start;
      break;
    }
    // Of a list the object that has it.
    const object = parent?.isArray ? parent.parent : parent;
    if (object && !object.isArray) objects.add(object);
    const found = hitOfValue(leaf, message);
    // The digits as they were sent: a long number is not what is left of it in ours.
    if (found)
      hits.push(typeof leaf.value === 'number' ? { ...found, value: digits(json.text, leaf) } : found);
  }
  for (const object of objects) {
    const places = placesIn(object, message);
    if (hits.length + places.length > MAX_HITS) end = Math.min(object.start, end ?? object.start);
    else hits.push(...places);
  }
  return { hits, end };
}

/** True when a value would be a secret by its name, whatever it is. */
export function namesSecret(node: NamedNode): boolean {
  const rules = [PASSWORD, WIFI, TOKEN, ENCRYPTION, GENERIC, COOKIE, ONE_TIME];
  return namesOf(node).some((key) => namesCode(key) || rules.some((names) => names.test(key)));
}

function digits(text: string, { start, end }: JsonNode): string {
  return text.slice(start, end);
}

/** What is sensitive in one value, by its names. */
export function hitOfValue(leaf: JsonNode, message: Message): Hit | undefined {
  for (const key of namesOf(leaf)) {
    const found = hitOfName(leaf, key, message);
    if (found) return found;
  }
  return undefined;
}

function hitOfName(leaf: JsonNode, key: string, message: Message): Hit | undefined {
  const { value } = leaf;
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') {
    // Devices may join while it is open.
    const isOpen =
      key === 'permitjoin' && value && /bridge\/(?:info|response\/permit_join)$/.test(message.topic);
    return isOpen ? { ...hitAt(leaf, 'open-network', 'MEDIUM', 0.9), hides: false } : undefined;
  }
  return (
    networkKey(leaf, key) ??
    secretHit(leaf, key, String(value), message) ??
    personalHit(leaf, key, String(value), message)
  );
}

/** The key that Zigbee2MQTT shipped for years. */
const DEFAULT_ZIGBEE_KEY = '1,3,5,7,9,11,13,15,0,2,4,6,8,10,12,13';

/** A key as a list of sixteen numbers. */
function networkKey({ key, parent }: JsonNode, name: string): Hit | undefined {
  if (key !== 0 || !parent?.isArray || !/^(?:networkkey|encryptionkey|aeskey)$/.test(name)) return undefined;
  const bytes = parent.entries?.map(({ value }) => value) ?? [];
  if (
    bytes.length !== 16 ||
    !bytes.every((byte) => Number.isInteger(byte) && Number(byte) >= 0 && Number(byte) < 256)
  ) {
    return undefined;
  }
  const value = bytes.join(',');
  const note = value === DEFAULT_ZIGBEE_KEY ? { note: 'the default key of Zigbee2MQTT' } : {};
  const spans = [{ start: parent.start, end: parent.end }];
  return {
    class: 'encryption-key',
    severity: 'CRITICAL',
    confidence: 1,
    spans,
    value,
    nodes: [parent],
    ...note,
  };
}

function secretHit(leaf: JsonNode, key: string, value: string, message: Message): Hit | undefined {
  const code = codeHit(leaf, key, value, message.topic);
  if (code) return code;
  if (typeof leaf.value === 'number') return numericPassword(leaf, key, value);
  if (typeof leaf.value !== 'string' || isPlaceholder(value)) return undefined;
  if (ONE_TIME.test(key)) return ONE_TIME_VALUE.test(value) ? hitAt(leaf, 'token', 'HIGH', 0.7) : undefined;
  if (COOKIE.test(key)) return COOKIE_PAIR.test(value) ? hitAt(leaf, 'token', 'HIGH', 0.8) : undefined;
  // Links and secrets inside of longer texts are found by their form.
  if (value.includes('://') || value.length > 8192 || /\s/.test(value.trim())) {
    const mayBeSentence =
      PASSWORD.test(key) || WIFI.test(key) || (NETWORK_KEY.test(key) && hasSsid(leaf.parent));
    if (!mayBeSentence || value.length > 128 || LINK.test(value)) return derKey(leaf, key, value);
  }
  if (key === 'zip' && /bridge\/response\/backup$/.test(message.topic))
    return hitAt(leaf, 'encryption-key', 'HIGH', 0.6);
  if (WIFI.test(key) || (PASSWORD.test(key) && hasSsid(leaf.parent)))
    return hitAt(leaf, 'wifi-key', 'HIGH', 0.9);
  if (NETWORK_KEY.test(key) && hasSsid(leaf.parent) && value.length >= 5 && !NO_NETWORK_KEY.test(value))
    return hitAt(leaf, 'wifi-key', 'HIGH', 0.85);
  if (ENCRYPTION.test(key) && value.length >= 8) return hitAt(leaf, 'encryption-key', 'CRITICAL', 0.85);
  if (key === 'pwd' && isFolder(value)) return undefined;
  // In digits it is the width of a pulse.
  if (key === 'pw' && /^\d+$/.test(value)) return undefined;
  if (PASSWORD.test(key) && !ABOUT_PASSWORD.test(key)) return hitAt(leaf, 'credentials', 'HIGH', 0.9);
  if (TOKEN.test(key) && !NO_TOKEN.test(key) && isTokenValue(value))
    return hitAt(leaf, 'token', 'HIGH', 0.85);
  if (USER.test(key) && /^(?:mqtt|broker|wifi|ftp|smtp|db)/.test(key))
    return hitAt(leaf, 'credentials', 'LOW', 0.6);
  if (SECRETS.test(key) && /^[^\s:]{1,64}:\S{4,128}$/.test(value))
    return { ...hitAt(leaf, 'credentials', 'HIGH', 0.8), parts: passwordIn(value) };
  if (isAmongSecrets(leaf, key)) return hitAt(leaf, 'credentials', 'HIGH', 0.7);
  const looksRandom =
    GENERIC.test(key) &&
    !NO_KEY.test(key) &&
    !PUBLIC.test(key) &&
    value.length >= 16 &&
    value.length <= 512 &&
    entropyOf(value) >= 3.5;
  if (looksRandom && !UUID.test(value) && !MAC.test(value)) return hitAt(leaf, 'token', 'HIGH', 0.6);
  return derKey(leaf, key, value);
}

function isTokenValue(value: string): boolean {
  return value.length >= 8 && !/^\d{1,11}$/.test(value);
}

/** Base64 of a DER private key: a sequence that begins with a version, where a certificate begins with a sequence. */
function derKey(leaf: JsonNode, key: string, value: string): Hit | undefined {
  if (!value.startsWith('MII') || value.length < 1024 || /cert|pub|ca$/.test(key)) return undefined;
  const head = Buffer.from(value.slice(0, 24), 'base64');
  const isKey = head[0] === 0x30 && head[1] === 0x82 && head[4] === 0x02 && head[5] === 0x01;
  return isKey ? hitAt(leaf, 'private-key', 'CRITICAL', 0.95) : undefined;
}

/** Asked for every key of an object. */
const withSsid = new WeakMap<JsonNode, boolean>();

function hasSsid(object: JsonNode | undefined): boolean {
  if (!object) return false;
  const answer = withSsid.get(object) ?? namesNetwork(object);
  withSsid.set(object, answer);
  return answer;
}

function namesNetwork(object: JsonNode): boolean {
  return (
    object?.entries?.some(
      ({ key }) => typeof key === 'string' && key.length < MAX_KEY && SSID.test(normalised(key)),
    ) ?? false
  );
}

function numericPassword(leaf: JsonNode, key: string, value: string): Hit | undefined {
  if (!/^\d{4,}/.test(value) || ABOUT_PASSWORD.test(key)) return undefined;
  const isLong = /^\d{8,}/.test(value);
  if (isLong && (WIFI.test(key) || ((PASSWORD.test(key) || NETWORK_KEY.test(key)) && hasSsid(leaf.parent))))
    return hitAt(leaf, 'wifi-key', 'HIGH', 0.8);
  return NUMERIC_PASSWORD.test(key) ? hitAt(leaf, 'credentials', 'HIGH', 0.7) : undefined;
}

function isAmongSecrets({ parent }: JsonNode, key: string): boolean {
  const name = typeof parent?.key === 'string' && parent.key.length < MAX_KEY ? normalised(parent.key) : '';
  return SECRETS.test(name) && !parent?.isArray && !NO_SECRET.test(key);
}
