import type { RiskLevel, SensitiveClass } from '../../model';
import type { Message } from '../message';
import { GPIO_LEVEL, type Hit, isPlaceholder } from './hit';
import { imageOf, isImageText } from './image';
import { isCoordinate, isFixedPlace, isPairText } from './place-rules';
import type { Redactor } from './redactor';

/** Smaller pictures are icons. */
const MIN_MEDIA_BYTES = 2048;
/** Where a picture shows a home or people. */
const CAMERA =
  /(?:cam|snapshot|doorbell|face|person|frigate|image|photo|motion|surveill|cctv|nvr|thumbnail)/i;
const NO_PICTURE = /(?:icon|logo|tile|weather|radar|floorplan_icon|avatar_default)/i;
const FLOOR_PLAN = /\/MapData\/map-data(?:-hass)?$/;

/** Tasmota commands that carry a secret; the value is the payload. */
const TASMOTA_SECRET = /^(?:Password\d?|MqttPassword|WebPassword|MqttKey)$/i;
const TASMOTA_LOGIN = /^(?:MqttUser|MqttUser\d)$/i;
const BACKLOG = /(?:^|;)\s{0,8}(Password\d?|MqttPassword|WebPassword)\s{1,4}([^;\s]{4,128})/gi;
/** A topic whose last level says that its bare payload is a secret. */
const SECRET_LEVEL =
  /^(?:password|passwd|passphrase|wifi_?pass(?:word)?|wifi_?psk|psk|api_?key|auth_?token|access_?token|secret)$/i;
const CODE_LEVEL = /^(?:pin|pin_?code|alarm_?code|keypad|user_?code|door_?code|disarm_?code)$/i;
const PHONE_BOOK = /(?:device_tracker|presence|monitor|room_presence)/i;

/** What is sensitive by where it is published. */
export function topicHits(message: Message, redactor: Redactor): Hit[] {
  return [...media(message, redactor), ...bare(message), ...presence(message)];
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

function bare({ levels, topic, json, kind, text }: Message): Hit[] {
  if (json || (kind !== 'text' && kind !== 'number')) return [];
  const last = levels.at(-1) ?? '';
  const value = text.trim();
  const start = text.indexOf(value);
  const whole = (of: SensitiveClass, severity: RiskLevel, confidence: number): Hit[] => [
    {
      class: of,
      severity,
      confidence,
      value,
      spans: [{ start, end: start + value.length }],
      path: 'payload',
    },
  ];
  if (levels.includes('cmnd')) {
    if (TASMOTA_SECRET.test(last) && !isPlaceholder(value)) {
      return whole(/^Password/i.test(last) ? 'wifi-key' : 'credentials', 'HIGH', 0.95);
    }
    if (TASMOTA_LOGIN.test(last) && !isPlaceholder(value)) return whole('credentials', 'LOW', 0.8);
    if (/^Backlog\d?$/i.test(last)) return backlog(text);
  }
  if (SECRET_LEVEL.test(last) && !isPlaceholder(value) && !/\s/.test(value) && value.length <= 128) {
    return whole(
      /wifi|psk/i.test(last) ? 'wifi-key' : /key|token/i.test(last) ? 'token' : 'credentials',
      'HIGH',
      0.8,
    );
  }
  if (CODE_LEVEL.test(last) && /^\d{4,8}$/.test(value) && !GPIO_LEVEL.test(topic))
    return whole('alarm-code', 'CRITICAL', 0.8);
  if (isPosition(last, value) || [last, levels.at(-2) ?? ''].some((name) => isPairText(name, value))) {
    const isFixed = isFixedPlace(topic);
    return whole('location', isFixed ? 'LOW' : 'HIGH', isFixed ? 0.4 : 0.7);
  }
  if (last === 'recognized_license_plate' && value !== '') return whole('plate', 'HIGH', 0.9);
  if (levels[0] === 'frigate' && last === 'transcription' && value !== '')
    return whole('person', 'MEDIUM', 0.8);
  return [];
}

/** Half a position on a topic of its own; the other half is beside it. */
function isPosition(last: string, value: string): boolean {
  if (/^latitude$/i.test(last)) return isCoordinate({ value }, 90);
  if (/^longitude$/i.test(last)) return isCoordinate({ value }, 180);
  // `lat` is a latency too, in thousandths.
  return /^(?:lat|lon|lng)$/i.test(last) && /\.\d{4}/.test(value) && isCoordinate({ value }, 180);
}

function backlog(text: string): Hit[] {
  return [...text.matchAll(BACKLOG)].slice(0, 10).flatMap((match) => {
    const [all, name = '', value = ''] = match;
    if (isPlaceholder(value)) return [];
    const start = match.index + all.length - value.length;
    const kind = /^Password/i.test(name) ? 'wifi-key' : 'credentials';
    const spans = [{ start, end: start + value.length }];
    return [{ class: kind, severity: 'HIGH', confidence: 0.95, value, spans, path: 'payload' } as const];
  });
}

/** The radio addresses of phones, by which it shows who is at home. */
function presence({ levels, topic, json }: Message): Hit[] {
  const at = levels.indexOf('BTtoMQTT');
  const last = levels.at(-1) ?? '';
  const names = new Set(json?.root.entries?.map(({ key }) => key) ?? []);
  const isSensor = names.has('model') || names.has('brand') || names.has('tempc') || names.has('name');
  const isPhone =
    (at >= 0 && /^[0-9A-F]{12}$/i.test(last) && names.has('rssi') && !isSensor) ||
    (levels[0] === 'espresense' && levels[1] === 'devices' && names.has('rssi')) ||
    (PHONE_BOOK.test(topic) && names.has('rssi') && names.has('mac') && !isSensor);
  if (!isPhone) return [];
  const value = levels[0] === 'espresense' ? (levels[2] ?? '') : last;
  return [
    { class: 'presence', severity: 'MEDIUM', confidence: 0.7, value, spans: [], path: 'topic', hides: false },
  ];
}
