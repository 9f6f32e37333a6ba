import type { RiskLevel, SensitiveClass } from '../../model';
import { type JsonNode, member, textAt } from '../json';
import type { Message } from '../message';
import { GPIO_LEVEL, type Hit, isPlaceholder } from './hit';
import { imageOf, isImageText } from './image';
import { hitOfValue } from './key-rules';
import { hitAt } from './leaf';
import { isCoordinate, isFixedPlace, isMapTopic, isPairText } from './place-rules';
import type { Redactor } from './redactor';

/** Smaller pictures are icons. */
const MIN_MEDIA_BYTES = 2048;
/** Where a picture shows a home or people. */
const CAMERA =
  /(?:cam|snapshot|doorbell|face|person|frigate|image|photo|motion|surveill|cctv|nvr|thumbnail)/i;
const NO_PICTURE = /(?:icon|logo|tile|weather|radar|floorplan_icon|avatar_default)/i;
/** How sure a name of a topic is. */
const BY_TOPIC = 0.8;
const FLOOR_PLAN = /\/MapData\/map-data(?:-hass)?$/;

/** Tasmota commands that carry a secret; the value is the payload. */
const TASMOTA_SECRET = /^(?:Password\d?|MqttPassword|WebPassword|MqttKey)$/i;
const TASMOTA_LOGIN = /^(?:MqttUser|MqttUser\d)$/i;
const BACKLOG = /(?:^|;)\s{0,8}(Password\d?|MqttPassword|WebPassword)\s{1,4}([^;\s]{4,128})/gi;
/** Tasmota runs no more of one message. */
const MAX_COMMANDS = 30;
/** What stands under the level that names a value: `config/wifi_password/set`, `userCode/3`. */
const UNTOLD_LEVEL = /^(?:state|value|val|set|get|raw|current|now|data|status|\d{1,3})$/i;
/** A longer payload is no single value. */
const MAX_BARE = 2048;
const VALUE_KEYS = ['value', 'val', 'v'];
const WORD = /^[a-z]{1,20}$/i;
/** Digits on such a topic are a code, whatever else is entered there. */
const KEYPAD = /^keypad$/i;
const PHONE_BOOK = /(?:device_tracker|presence|monitor|room_presence)/i;

/** What is sensitive by where it is published. */
export function topicHits(message: Message, redactor: Redactor): Hit[] {
  return [...media(message, redactor), ...backlog(message), ...bare(message), ...presence(message)];
}

function media({ topic, kind, payload, text, size }: Message, redactor: Redactor): Hit[] {
  if (FLOOR_PLAN.test(topic) && size >= 64) {
    return [described('location', 'HIGH', 0.9, `floor plan of the home, ${size} bytes`, topic)];
  }
  if (kind === 'text' && isImageText(text, size) && !NO_PICTURE.test(topic)) {
    const note = `image in base64, ${size} bytes, salted hash ${redactor.hash(payload)}`;
    return [described('image', severityOf(topic), 0.9, note, topic)];
  }
  if ((kind !== 'image' && kind !== 'audio') || size < MIN_MEDIA_BYTES || NO_PICTURE.test(topic)) return [];
  const what = kind === 'image' ? imageOf(payload) : 'sound';
  const severity = kind === 'audio' ? 'HIGH' : severityOf(topic);
  return [
    described(kind, severity, 0.9, `${what}, ${size} bytes, salted hash ${redactor.hash(payload)}`, topic),
  ];
}

function severityOf(topic: string): RiskLevel {
  return CAMERA.test(topic) ? 'HIGH' : 'MEDIUM';
}

/** Nothing of it may be kept: the note is all that there is. */
function described(
  kind: SensitiveClass,
  severity: RiskLevel,
  confidence: number,
  note: string,
  value: string,
): Hit {
  return { class: kind, severity, confidence, note, value, spans: [], path: 'payload' };
}

/** A value whose name is that of its topic. */
function bare(message: Message): Hit[] {
  const { levels, topic, json } = message;
  const leaf = valueIn(message);
  if (!leaf) return [];
  const placed = (hit: Hit): Hit[] => [json ? { ...hit, nodes: [leaf] } : { ...hit, path: 'payload' }];
  const last = levels.at(-1) ?? '';
  const above = levels.at(-2) ?? '';
  const value = String(leaf.value);
  const whole = (of: SensitiveClass, severity: RiskLevel, confidence: number): Hit[] =>
    placed(hitAt(leaf, of, severity, confidence));
  if (levels.includes('cmnd')) {
    if (TASMOTA_SECRET.test(last) && !isPlaceholder(value)) {
      return whole(/^Password/i.test(last) ? 'wifi-key' : 'credentials', 'HIGH', 0.95);
    }
    if (TASMOTA_LOGIN.test(last) && !isPlaceholder(value)) return whole('credentials', 'LOW', 0.8);
  }
  const at = UNTOLD_LEVEL.test(last) ? -2 : -1;
  const named = hitOfValue({ ...leaf, key: levels.at(at), parent: levelAbove(levels.at(at - 1)) }, message);
  // `game/token` says what happens to one.
  if (named && !(named.class === 'token' && WORD.test(value)))
    return placed({ ...named, confidence: Math.min(named.confidence, BY_TOPIC) });
  if (KEYPAD.test(last) && /^\d{4,8}$/.test(value) && !GPIO_LEVEL.test(topic))
    return whole('alarm-code', 'CRITICAL', BY_TOPIC);
  const isPlace = isPosition(last, value) || [last, above].some((name) => isPairText(name, value));
  if (isPlace && !isMapTopic(topic)) {
    const isFixed = isFixedPlace(topic);
    return whole('location', isFixed ? 'LOW' : 'HIGH', isFixed ? 0.4 : 0.7);
  }
  if (levels[0] === 'frigate' && last === 'transcription' && value !== '')
    return whole('person', 'MEDIUM', 0.8);
  return [];
}

/** The whole payload, or the `value` of a small object, which gateways put around it. */
function valueIn({ json, kind, text }: Message): JsonNode | undefined {
  if (json) {
    const leaf = VALUE_KEYS.map((key) => member(json.root, key)).find((node) => node);
    return leaf?.entries || leaf?.value === null ? undefined : leaf;
  }
  const value = text.slice(0, MAX_BARE).trim();
  if ((kind !== 'text' && kind !== 'number') || value === '' || text.length > MAX_BARE) return undefined;
  const isQuoted = /^"[^"\\]*"$/.test(value);
  const start = text.indexOf(value);
  const end = start + value.length;
  // Digits with zeros in front are a text: a number has none.
  if (String(Number(value)) === value)
    return { key: undefined, parent: undefined, value: Number(value), start, end };
  return isQuoted
    ? { key: undefined, parent: undefined, value: value.slice(1, -1), start, end }
    : { key: undefined, parent: undefined, value, start: start - 1, end: end + 1 };
}

function levelAbove(key: string | undefined): JsonNode {
  return { key, parent: undefined, entries: [], start: 0, end: 0 };
}

/** Half a position on a topic of its own; the other half is beside it. */
function isPosition(last: string, value: string): boolean {
  if (/^latitude$/i.test(last)) return isCoordinate({ value }, 90);
  if (/^longitude$/i.test(last)) return isCoordinate({ value }, 180);
  // `lat` is a latency too, in thousandths.
  const isShort = /^(?:lat|lon|lng)$/i.test(last) && /\.\d{4}/.test(value);
  return isShort && isCoordinate({ value }, 180) && (Math.abs(Number(value)) >= 1 || !/^lat$/i.test(last));
}

/** Secrets in a list of Tasmota's commands; what stands behind the last one that is looked at is hidden along with it. */
function backlog({ levels, text }: Message): Hit[] {
  if (!levels.includes('cmnd') || !/^Backlog\d?$/i.test(levels.at(-1) ?? '')) return [];
  const matches = [...text.matchAll(BACKLOG)];
  return matches.slice(0, MAX_COMMANDS).flatMap((match, i) => {
    const [all, name = '', value = ''] = match;
    const isLast = i === MAX_COMMANDS - 1 && matches.length > MAX_COMMANDS;
    if (isPlaceholder(value) && !isLast) return [];
    const end = match.index + all.length;
    const kind = /^Password/i.test(name) ? 'wifi-key' : 'credentials';
    const spans = [{ start: end - value.length, end: isLast ? text.length : end }];
    return [{ class: kind, severity: 'HIGH', confidence: 0.95, value, spans, path: 'payload' } as const];
  });
}

/** What Theengs decodes as something that people carry. */
const CARRIED = /^(?:PHONE|WATCH|TRACK|RMAC)$/;
/** An address of Bluetooth, or a beacon. */
const RADIO_ID =
  /^(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|(?:iBeacon|altBeacon|phone|apple|watch|irk|keys?):\S{1,80})$/i;

/** The radio addresses of phones, by which it shows who is at home. */
function presence({ levels, topic, json }: Message): Hit[] {
  const root = json?.root;
  const names = new Set(root?.entries?.map(({ key }) => key) ?? []);
  const last = levels.at(-1) ?? '';
  const isSensor = ['model', 'brand', 'tempc', 'name'].some((name) => names.has(name));
  const isEspresense = levels[0] === 'espresense' && levels[1] === 'devices';
  const isGateway = levels.includes('BTtoMQTT');
  const hasPlace = ['rssi', 'distance', 'confidence'].some((name) => names.has(name));
  const isPhone =
    (isGateway && /^[0-9A-F]{12}$/i.test(last) && names.has('rssi') && !isSensor) ||
    (isGateway && (CARRIED.test(textAt(root, 'type') ?? '') || member(root, 'track')?.value === true)) ||
    (isEspresense && names.has('rssi')) ||
    (PHONE_BOOK.test(topic) && names.has('rssi') && names.has('mac') && !isSensor) ||
    (PHONE_BOOK.test(topic) && hasPlace && RADIO_ID.test(textAt(root, 'id') ?? ''));
  if (!isPhone) return [];
  const value = isEspresense ? (levels[2] ?? '') : last;
  return [
    { class: 'presence', severity: 'MEDIUM', confidence: 0.7, value, spans: [], path: 'topic', hides: false },
  ];
}
