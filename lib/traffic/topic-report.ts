import { isUtf8 } from 'node:buffer';
import { MAX_TOPIC_CHARS, printable, printablePayload, type TopicReport } from '../model';
import type { Recogniser } from './recogniser';
import type { TopicEntry } from './topic-log';

/** Bytes of a name that is no UTF-8 which are shown. */
const MAX_RAW_BYTES = 128;
/** Characters of a long topic that give way to its length and digest. */
const DIGEST_ROOM = 56;

/** What a topic says in a report. Everything in it is bounded and printable; what must not be handed on is redacted. */
export function topicReport(entry: TopicEntry, recogniser: Recogniser, maxPayload: number): TopicReport {
  const { messages, bytes, live, retained, name, nameBytes } = entry;
  const recognised = recogniser.of(entry);
  const { sensor, disclosure, sensitive = [], kind } = recognised ?? {};
  const violations = violationsOf(entry);
  const isCut = entry.truncated || entry.length > maxPayload;
  const plain = printablePayload(entry.payload, maxPayload);
  const hidden = disclosure?.payload === undefined ? plain : printable(disclosure.payload, maxPayload);
  // What is hidden may stand behind what is shown, which is cut by bytes, where texts are cut by characters.
  const isSame = entry.length > maxPayload && hidden.startsWith(plain.replace(/[…\ufffd]+$/, ''));
  const payload = isSame ? plain : hidden;
  const isHidden = payload !== plain || disclosure?.topic !== undefined;
  return {
    topic: shownTopic(entry, recogniser),
    messages,
    bytes,
    retained,
    qos: entry.qos,
    payload,
    truncated: isCut,
    firstSeen: new Date(entry.firstSeen).toISOString(),
    lastSeen: new Date(entry.lastSeen).toISOString(),
    ...(sensor && { sensor }),
    ...(sensitive.length > 0 && { sensitive }),
    ...(kind !== undefined && { payloadKind: kind }),
    ...(live > 0 && { live }),
    ...(isHidden && { redacted: true }),
    ...(violations.length > 0 && { violations }),
    ...(violations.includes('invalid-utf8') &&
      disclosure?.topic === undefined && { rawTopic: rawText(name) }),
    ...(nameBytes > name.length && { topicBytes: nameBytes }),
  };
}

function shownTopic(entry: TopicEntry, recogniser: Recogniser): string {
  const text = recogniser.topicText(entry);
  if (entry.nameBytes <= MAX_TOPIC_CHARS) return text;
  // What tells long topics apart may stand behind the cut.
  return `${text.slice(0, MAX_TOPIC_CHARS - DIGEST_ROOM)}… (${entry.nameBytes} bytes, ${entry.digest.slice(0, 16)})`;
}

type Violation = NonNullable<TopicReport['violations']>[number];

function violationsOf({ name, nameBytes }: TopicEntry): Violation[] {
  const text = name.toString('utf8');
  const found: Violation[] = [];
  // [MQTT-1.5.3-1]; a name that was cut may end in the middle of a character.
  if (
    !isUtf8(name) &&
    (nameBytes === name.length || ![1, 2, 3].some((cut) => isUtf8(name.subarray(0, -cut))))
  ) {
    found.push('invalid-utf8');
  }
  // [MQTT-3.3.2-2], [MQTT-1.5.3-2], [MQTT-4.7.3-1].
  if (/[+#]/.test(text)) found.push('wildcard');
  if (text.includes('\0')) found.push('null-character');
  if (nameBytes === 0) found.push('empty-topic');
  if (/\p{Cc}/u.test(text.replaceAll('\0', ''))) found.push('control-character');
  return found;
}

/** Bytes with ASCII as it is and all others as `\xHH`. */
function rawText(bytes: Buffer): string {
  const shown = [...bytes.subarray(0, MAX_RAW_BYTES)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return shown.join('') + (bytes.length > MAX_RAW_BYTES ? '…' : '');
}
