import { type JsonNode, member } from '../json';
import type { Message } from '../message';
import { type Hit, hasLuhn, isMask } from './hit';
import { isImageText } from './image';
import { hitAt, membersBeside } from './leaf';

const PHONE =
  /^(?:phone|phonenumber|msisdn|tel|telephone|telephonenumber|mobile|mobilenumber|mobilephone|cellphone|smsnumber|callerid|callernumber|caller|callee|telefon|handynummer|phoneno|mobileno|notelefon|notel|nohp|nomortelepon|telepon)$/;
const HEALTH =
  /^(?:heartrate|heartratebpm|pulserate|restingheartrate|hrv|spo2|oxygensaturation|bloodoxygen|glucose|bloodglucose|sgv|bgmgdl|bpsystolic|bpdiastolic|systolic|diastolic|bloodpressure|bodyfat|bodyfatpercentage|sleepscore|sleepduration|sleepstage|respirationrate|bodytemperature|ecg|insulin|bmi)$/;
const PLATE =
  /^(?:recognizedlicenseplate|licenseplate|plate|platenumber|numberplate|licenceplate|kennzeichen|registrationplate|matricula|nopol)$/;
const PERSON =
  /^(?:sublabels?|facename|personname|fullname|firstname|lastname|surname|realname|residentname|patientname|guestname|cardholder|birthdate|dateofbirth|dob)$/;
/** Numbers of identity cards and passports; they are none without their name. */
const IDENTITY =
  /^(?:nric|icno|icnumber|noic|nokp|mykad|nokadpengenalan|nik|ktp|ssn|nationalid|nationalidnumber|passportno|passportnumber|dni|curp|aadhaar|aadhaarnumber)$/;
const CARD = /^(?:card|cardnumber|pan|creditcard|ccnumber|creditcardnumber)$/;
const HOST_KEY =
  /^(?:ip|ipaddress|ipaddr|localip|hostip|staip|wifistaip|gateway|host|hostname|dns|dnsserver\d?|broker|mqtthost|server|address|ips|ipaddress\d|subnetmask|wifiip|ethip|localaddress)$/;
/** IEEE 802.11-2020 §9.4.2.2: up to 32 octets. */
const SSID = /^(?:wifi|sta|ap|wlan|network)?ssid\d?$/;
const MORE_OF_NETWORK = /rssi|signal|pass|psk|key|pwd|secret/i;
/** RFC 1918, and the unique local addresses of RFC 4193. */
const PRIVATE_ADDRESS =
  /^(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|f[cd][0-9a-f]{2}:[0-9a-f:]{2,35})(?:[/:]\d{1,5})?$/i;

/** What concerns people, and what tells devices and networks apart, by the name of a value. */
export function personalHit(leaf: JsonNode, key: string, value: string, message: Message): Hit | undefined {
  const digits = value.replace(/[\s()./+-]/g, '');
  if (PHONE.test(key) && /^\+?[\d\s()./-]{8,24}$/.test(value) && /^\d{8,15}$/.test(digits)) {
    return hitAt(leaf, 'phone', 'MEDIUM', 0.85);
  }
  if (/^(?:imei\d?|deviceimei)$/.test(key) && /^\d{15}$/.test(digits) && hasLuhn(digits)) {
    return hitAt(leaf, 'device-identity', 'MEDIUM', 0.95);
  }
  if (/^(?:iccid|ccid|simid|simiccid)$/.test(key) && /^89\d{17,18}$/.test(digits) && hasLuhn(digits)) {
    return hitAt(leaf, 'device-identity', 'MEDIUM', 0.95);
  }
  if (/^imsi$/.test(key) && /^\d{14,15}$/.test(digits)) return hitAt(leaf, 'device-identity', 'MEDIUM', 0.8);
  if (/^vin(?:number)?$/.test(key) && isVin(value)) return hitAt(leaf, 'device-identity', 'MEDIUM', 0.95);
  if (CARD.test(key) && /^\d{13,19}$/.test(digits) && /^[3-6]/.test(digits) && hasLuhn(digits)) {
    return hitAt(leaf, 'payment', 'HIGH', 0.9);
  }
  if (typeof leaf.value === 'number' && leaf.value > 0 && isHealth(leaf, key)) {
    return { ...hitAt(leaf, 'health', 'HIGH', 0.85), hides: false };
  }
  if (PLATE.test(key) && /^(?=.*\d)[A-Z0-9][A-Z0-9 -]{2,9}$/i.test(value) && typeof leaf.value === 'string') {
    return hitAt(leaf, 'plate', 'HIGH', 0.9);
  }
  if (IDENTITY.test(key) && /^(?=(?:[^\d]{0,4}\d){6})[A-Z0-9 -]{8,24}$/i.test(value))
    return hitAt(leaf, 'person', 'HIGH', 0.8);
  if (isPersonName(key, leaf, message)) return hitAt(leaf, 'person', 'HIGH', 0.8);
  if (typeof leaf.value === 'string' && isImageText(value)) return imageHit(leaf, key);
  return networkHit(leaf, key, value);
}

/** Scales that measure through the body tell its resistance beside its weight. */
function isHealth({ parent }: JsonNode, key: string): boolean {
  return HEALTH.test(key) || (key === 'impedance' && member(parent, 'weight') !== undefined);
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
  return hitAt(leaf, isFace ? 'person' : 'image', 'HIGH', 0.85);
}

/** Inner addresses, and names of wireless networks: who knows one finds the place on public maps of them. */
function networkHit(leaf: JsonNode, key: string, value: string): Hit | undefined {
  const address = HOST_KEY.test(key) ? (value.split(/[,\s]/, 1)[0] ?? '') : '';
  if (!PRIVATE_ADDRESS.test(address) && !isNetworkName(leaf, key)) return undefined;
  return { ...hitAt(leaf, 'network', 'LOW', 0.8), hides: false };
}

/**
 * Beside the strength of a signal it is one of many details of the radio, which devices send all the time; beside its
 * key it is part of that finding.
 */
function isNetworkName(leaf: JsonNode, key: string): boolean {
  const { value } = leaf;
  if (!SSID.test(key) || typeof value !== 'string' || value.length > 32) return false;
  if (value.trim() === '' || isMask(value)) return false;
  return !membersBeside(leaf).some((one) => typeof one.key === 'string' && MORE_OF_NETWORK.test(one.key));
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
