import type { RiskLevel, SensitiveClass } from '../../model';
import { contentOf, type JsonDocument, type JsonNode, member } from '../json';
import type { Message } from '../message';
import { normalised } from '../quantities';
import {
  entropyOf,
  GPIO_LEVEL,
  type Hit,
  hasLuhn,
  isFolder,
  isMask,
  isPlaceholder,
  type Looked,
} from './hit';
import { isImageText } from './image';
import { placesIn } from './place-rules';

/** Values of one message that are looked at. */
const MAX_LEAVES = 2000;
const MAX_HITS = 40;
const MAX_KEY = 64;

const PASSWORD =
  /(?:password|passwd|passphrase|pwd|passwort|kennwort|contraseña|motdepasse|senha|wachtwoord|parola|katalaluan)s?\d{0,3}$|^(?:(?:mqtt|wifi|ap|sta|web|ota|user|login|admin|db|ftp|smtp|auth|wlan|http|rtsp|camera)?pass\d{0,3})$/;
const WIFI =
  /^(?:(?:wifi|wlan|wpa2?|ssid)\w{0,12}(?:psk|key|pwd|pass\w{0,6})|(?:ap|sta)(?:psk|pwd|pass\w{0,6})|(?:wpa)?psk|presharedkey)\d{0,3}$/;
/** Of these a number may be one: `pass` counts tests, and `token` what was used. */
const NUMERIC_PASSWORD =
  /(?:password|passwd|passphrase|passwort|kennwort|contraseña|motdepasse|katalaluan)\d{0,3}$/;
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
const ABOUT_PASSWORD = /^(?:has|is|show|require|reset|forgot|change|use|no|need|allow|hide|min|max|enable)/;
const TOKEN =
  /(?:accesstoken|authtoken|refreshtoken|apitoken|bearertoken|bottoken|sessiontoken|apikey|authkey|accesskey|secretkey|clientsecret|sharedsecret|secretaccesskey|longlivedtoken)$|^(?:token|secret|authorization|bearer|credential)$|(?:token|secret)$/;
/** Counters, kinds and names of tokens. */
const NO_TOKEN =
  /^(?:max|num|total|used|prompt|completion|remaining|input|output|count|csrf|page|next|device|push)?tokens?(?:count|type|name|id|limit)$|^(?:nextpage|page|max|num|csrf)token$/;
const ENCRYPTION =
  /^(?:networkkey|encryptionkey|noisepsk|aeskey|appkey|nwkkey|appskey|nwkskey|appsessionkey|networksessionkey|installcode|linkkey|tclinkkey|masterkey|securitykey|bindkey|privatekey|localkey|devicekey|meshkey|psk|channelpsk|s2key|s0key|s0legacy|s2(?:un)?authenticated(?:lr)?|s2accesscontrol(?:lr)?|dsk)$/;
const GENERIC = /(?:key|secret|token|auth|credential)s?$/;
/** What looks random and is public. */
const PUBLIC =
  /(?:id|uid|uuid|guid|hash|mac|eui|session|public|nonce|etag|serial|version|fingerprint|signature|checksum|sha\d*|md5|crc|revision|commit|thumbprint)/;
const USER = /^(?:mqtt|broker|wifi|ftp|smtp|db)?(?:username|user|login)$/;
const CODE =
  /^(?:pin|pincode|keycode|accesscode|alarmcode|doorcode|usercode|disarmcode|armcode|lockcode|entrycode|unlockcode|mastercode|securitycode|keypadcode|guestcode|actioncode)$/;
const CODE_CONTEXT = /(?:alarm|(?<![bc])lock|keypad|disarm|door|gate(?!way)|garage|entry|security|access)/i;
/** What stands beside the number of a pin of a board, and what a command to a lock or an alarm says. */
const GPIO_NEIGHBOUR =
  /^(?:gpio\w{0,8}|mode|pinmode|state|level|value|digital|analog|pull(?:up|down)?|pwm|duty|direction|board|port)$/;
const LOCK_COMMAND = /^(?:(?:dis|un)?arm|(?:un)?lock|(?:away|home|night|stay|vacation)$)/i;
const NO_CODE =
  /(?:status|device|error|country|post|zip|http|product|response|result|exit|fault|event|weather|area|qr|bar)/i;
const PHONE =
  /^(?:phone|phonenumber|msisdn|tel|telephone|telephonenumber|mobile|mobilenumber|mobilephone|cellphone|smsnumber|callerid|callernumber|caller|callee|telefon|handynummer)$/;
const HEALTH =
  /^(?:heartrate|heartratebpm|pulserate|restingheartrate|hrv|spo2|oxygensaturation|bloodoxygen|glucose|bloodglucose|sgv|bgmgdl|bpsystolic|bpdiastolic|systolic|diastolic|bloodpressure|bodyfat|bodyfatpercentage|sleepscore|sleepduration|sleepstage|respirationrate|bodytemperature|ecg|insulin|bmi)$/;
const PLATE =
  /^(?:recognizedlicenseplate|licenseplate|plate|platenumber|numberplate|licenceplate|kennzeichen|registrationplate|matricula|nopol)$/;
const PERSON =
  /^(?:sublabels?|facename|personname|fullname|firstname|lastname|surname|realname|residentname|patientname|guestname|cardholder|birthdate|dateofbirth|dob)$/;
const CARD = /^(?:card|cardnumber|pan|creditcard|ccnumber|creditcardnumber)$/;
const HOST_KEY =
  /^(?:ip|ipaddress|ipaddr|localip|hostip|staip|gateway|host|hostname|dns|dnsserver\d?|broker|mqtthost|server|address|ips|ipaddress\d|subnetmask|wifiip|ethip|localaddress)$/;
/** RFC 1918, and the unique local addresses of RFC 4193. */
const PRIVATE_ADDRESS =
  /^(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|f[cd][0-9a-f]{2}:[0-9a-f:]{2,35})(?:[/:]\d{1,5})?$/i;
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
    const found = leafHit(leaf, message);
    // The digits as they were sent: a long number is not what is left of it in ours.
    if (found)
      hits.push(typeof leaf.value === 'number' ? { ...found, value: digits(json.text, leaf) } : found);
  }
  for (const object of objects) {
    if (hits.length >= MAX_HITS) break;
    hits.push(...placesIn(object, message));
  }
  return { hits, end };
}

/** True when a value would be a secret by its name, whatever it is. */
export function namesSecret(node: Pick<JsonNode, 'key' | 'parent'>): boolean {
  const key = keyOf(node);
  return [PASSWORD, WIFI, TOKEN, ENCRYPTION, GENERIC, COOKIE, ONE_TIME, CODE].some((names) =>
    names.test(key),
  );
}

function digits(text: string, { start, end }: JsonNode): string {
  return text.slice(start, end);
}

/** The name of a value; for items of an array that of the array. */
function keyOf({ key, parent }: Pick<JsonNode, 'key' | 'parent'>): string {
  const name = typeof key === 'string' ? key : parent?.key;
  return typeof name === 'string' && name.length <= MAX_KEY ? normalised(name) : '';
}

function leafHit(leaf: JsonNode, message: Message): Hit | undefined {
  const key = keyOf(leaf);
  const { value } = leaf;
  if (key === '' || value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') {
    // Devices may join while it is open.
    const isOpen =
      key === 'permitjoin' && value && /bridge\/(?:info|response\/permit_join)$/.test(message.topic);
    return isOpen ? { ...hit('open-network', 'MEDIUM', 0.9, leaf), hides: false } : undefined;
  }
  return (
    networkKey(leaf, key) ??
    secretHit(leaf, key, String(value), message) ??
    personalHit(leaf, key, String(value), message)
  );
}

function hit(kind: SensitiveClass, severity: RiskLevel, confidence: number, leaf: JsonNode): Hit {
  return {
    class: kind,
    severity,
    confidence,
    spans: [contentOf(leaf)],
    value: String(leaf.value),
    nodes: [leaf],
  };
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
  const code = codeHit(leaf, key, value, message);
  if (code) return code;
  if (typeof leaf.value === 'number') return numericPassword(leaf, key, value);
  if (typeof leaf.value !== 'string' || isPlaceholder(value)) return undefined;
  if (ONE_TIME.test(key)) return ONE_TIME_VALUE.test(value) ? hit('token', 'HIGH', 0.7, leaf) : undefined;
  if (COOKIE.test(key)) return COOKIE_PAIR.test(value) ? hit('token', 'HIGH', 0.8, leaf) : undefined;
  // Links and secrets inside of longer texts are found by their form.
  if (value.includes('://') || value.length > 8192 || /\s/.test(value.trim())) {
    const mayBeSentence =
      PASSWORD.test(key) || WIFI.test(key) || (NETWORK_KEY.test(key) && hasSsid(leaf.parent));
    if (!mayBeSentence || value.length > 128 || LINK.test(value)) return derKey(leaf, key, value);
  }
  if (key === 'zip' && /bridge\/response\/backup$/.test(message.topic))
    return hit('encryption-key', 'HIGH', 0.6, leaf);
  if (WIFI.test(key) || (PASSWORD.test(key) && hasSsid(leaf.parent)))
    return hit('wifi-key', 'HIGH', 0.9, leaf);
  if (NETWORK_KEY.test(key) && hasSsid(leaf.parent) && value.length >= 5 && !NO_NETWORK_KEY.test(value))
    return hit('wifi-key', 'HIGH', 0.85, leaf);
  if (ENCRYPTION.test(key) && value.length >= 8) return hit('encryption-key', 'CRITICAL', 0.85, leaf);
  if (key === 'pwd' && isFolder(value)) return undefined;
  if (PASSWORD.test(key) && !ABOUT_PASSWORD.test(key)) return hit('credentials', 'HIGH', 0.9, leaf);
  if (TOKEN.test(key) && !NO_TOKEN.test(key) && isTokenValue(value)) return hit('token', 'HIGH', 0.85, leaf);
  if (USER.test(key) && /^(?:mqtt|broker|wifi|ftp|smtp|db)/.test(key))
    return hit('credentials', 'LOW', 0.6, leaf);
  if (SECRETS.test(key) && /^[^\s:]{1,64}:\S{4,128}$/.test(value))
    return hit('credentials', 'HIGH', 0.8, leaf);
  if (isAmongSecrets(leaf, key)) return hit('credentials', 'HIGH', 0.7, leaf);
  const looksRandom =
    GENERIC.test(key) &&
    !PUBLIC.test(key) &&
    value.length >= 16 &&
    value.length <= 512 &&
    entropyOf(value) >= 3.5;
  if (looksRandom && !UUID.test(value) && !MAC.test(value)) return hit('token', 'HIGH', 0.6, leaf);
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
  return isKey ? hit('private-key', 'CRITICAL', 0.95, leaf) : undefined;
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
    return hit('wifi-key', 'HIGH', 0.8, leaf);
  return NUMERIC_PASSWORD.test(key) ? hit('credentials', 'HIGH', 0.7, leaf) : undefined;
}

function isAmongSecrets({ parent }: JsonNode, key: string): boolean {
  const name = typeof parent?.key === 'string' && parent.key.length < MAX_KEY ? normalised(parent.key) : '';
  return SECRETS.test(name) && !parent?.isArray && !NO_SECRET.test(key);
}

function codeHit(leaf: JsonNode, key: string, value: string, { topic }: Message): Hit | undefined {
  if (!/^\d{4,8}$/.test(value) || NO_CODE.test(key)) return undefined;
  if (key === 'pin' && typeof leaf.value === 'number' && isGpio(leaf, topic)) return undefined;
  if (CODE.test(key)) return hit('alarm-code', 'CRITICAL', 0.9, leaf);
  if (key !== 'code' && key !== 'cod') return undefined;
  const action = ['action', 'cmd', 'command'].map((name) => member(leaf.parent, name)?.value).find(Boolean);
  const isCommand = typeof action === 'string' && /^(?:DIS)?ARM|LOCK|OPEN/i.test(action);
  if (!isCommand && !CODE_CONTEXT.test(topic)) return undefined;
  return hit('alarm-code', 'CRITICAL', isCommand ? 0.95 : 0.8, leaf);
}

/** True for the number of a pin of a board: `{"pin":1034,"mode":"OUTPUT"}`, where no lock or alarm is spoken of. */
function isGpio({ parent }: JsonNode, topic: string): boolean {
  const beside = parent?.isArray ? [] : (parent?.entries ?? []);
  if (CODE_CONTEXT.test(topic) && !GPIO_LEVEL.test(topic)) return false;
  if (beside.some(({ value }) => typeof value === 'string' && LOCK_COMMAND.test(value))) return false;
  return (
    GPIO_LEVEL.test(topic) ||
    beside.some(
      ({ key }) => typeof key === 'string' && key.length <= MAX_KEY && GPIO_NEIGHBOUR.test(normalised(key)),
    )
  );
}

function personalHit(leaf: JsonNode, key: string, value: string, message: Message): Hit | undefined {
  const digits = value.replace(/[\s()./+-]/g, '');
  if (PHONE.test(key) && /^\+?[\d\s()./-]{8,24}$/.test(value) && /^\d{8,15}$/.test(digits)) {
    return hit('phone', 'MEDIUM', 0.85, leaf);
  }
  if (/^(?:imei\d?|deviceimei)$/.test(key) && /^\d{15}$/.test(digits) && hasLuhn(digits)) {
    return hit('device-identity', 'MEDIUM', 0.95, leaf);
  }
  if (/^(?:iccid|ccid|simid|simiccid)$/.test(key) && /^89\d{17,18}$/.test(digits) && hasLuhn(digits)) {
    return hit('device-identity', 'MEDIUM', 0.95, leaf);
  }
  if (/^imsi$/.test(key) && /^\d{14,15}$/.test(digits)) return hit('device-identity', 'MEDIUM', 0.8, leaf);
  if (/^vin(?:number)?$/.test(key) && isVin(value)) return hit('device-identity', 'MEDIUM', 0.95, leaf);
  if (CARD.test(key) && /^\d{13,19}$/.test(digits) && /^[3-6]/.test(digits) && hasLuhn(digits)) {
    return hit('payment', 'HIGH', 0.9, leaf);
  }
  if (HEALTH.test(key) && typeof leaf.value === 'number' && leaf.value > 0) {
    return { ...hit('health', 'HIGH', 0.85, leaf), hides: false };
  }
  if (PLATE.test(key) && /^(?=.*\d)[A-Z0-9][A-Z0-9 -]{2,9}$/i.test(value) && typeof leaf.value === 'string') {
    return hit('plate', 'HIGH', 0.9, leaf);
  }
  if (isPersonName(key, leaf, message)) return hit('person', 'HIGH', 0.8, leaf);
  if (typeof leaf.value === 'string' && isImageText(value)) return imageHit(leaf, key);
  return addressHit(leaf, key, value);
}

function isPersonName(key: string, { value, key: own, parent }: JsonNode, message: Message): boolean {
  if (typeof value !== 'string' || !/^\p{L}[\p{L}\p{M}' .-]{1,60}$/u.test(value) || isMask(value))
    return false;
  // `"sub_label": ["Alice", 0.93]`, and texts of which a number is the first.
  if (PERSON.test(key)) return own === 0 || typeof own === 'string';
  if (key !== 'name') return false;
  const isFace = message.level(-1) === 'tracked_object_update' && member(parent, 'type')?.value === 'face';
  return isFace || (member(parent, '_type')?.value === 'card' && message.level(0) === 'owntracks');
}

function imageHit(leaf: JsonNode, key: string): Hit | undefined {
  if (/icon|logo|tile/.test(key)) return undefined;
  const isFace = /face|portrait/.test(key);
  return { ...hit(isFace ? 'person' : 'image', 'HIGH', 0.85, leaf) };
}

function addressHit(leaf: JsonNode, key: string, value: string): Hit | undefined {
  const address = HOST_KEY.test(key) ? (value.split(/[,\s]/, 1)[0] ?? '') : '';
  if (!PRIVATE_ADDRESS.test(address)) return undefined;
  return { ...hit('network', 'LOW', 0.8, leaf), hides: false };
}

/** ISO 3779 and 49 CFR 565.15: seventeen characters, the ninth a check digit. */
function isVin(text: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(text)) return false;
  const values = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const sum = [...text].reduce(
    (total, char, i) => total + (values.indexOf(char) % 10) * (weights[i] ?? 0),
    0,
  );
  return text[8] === (sum % 11 === 10 ? 'X' : String(sum % 11));
}
