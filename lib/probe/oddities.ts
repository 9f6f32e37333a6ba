import {
  type Endpoint,
  isEncrypted,
  type Oddity,
  type Product,
  type StrictnessResult,
  type Transport,
} from '../model';
import { SILENT } from './attempt';
import type { Vector } from './vector';

/** Ports as IANA registered them: 1883 `mqtt`, 8883 `secure-mqtt`. */
const PLAIN_PORT = 1883;
const TLS_PORT = 8883;

/** What is odd about the transport of a broker: users believe what the number of a port promises. */
export function transportOddities({ port }: Endpoint, transport: Transport): Oddity[] {
  if (port === PLAIN_PORT && isEncrypted(transport)) {
    return [
      {
        id: 'tls-on-plain-port',
        text: 'port 1883 is registered for MQTT without TLS, and this one speaks TLS',
      },
    ];
  }
  if (port === TLS_PORT && !isEncrypted(transport)) {
    return [
      {
        id: 'plain-on-tls-port',
        text: 'port 8883 is registered for MQTT over TLS, and this one speaks without TLS',
      },
    ];
  }
  return [];
}

/** A port that answers nobody may be a trap that is to keep scanners waiting (a tarpit). */
export function silenceOddities(service: string): Oddity[] {
  return service === SILENT
    ? [
        {
          id: 'silent-peer',
          text: 'it takes every connection and says nothing, neither in plain text nor in TLS',
        },
      ]
    : [];
}

/** Below this confidence the name that a broker gives itself is contradicted by its answers. */
const BELIEVED_FROM = 1;

/** What does not fit together in the answers of one broker, as that of a honeypot, or of a proxy, does not. */
export function answerOddities(vector: Vector, told: Product | undefined): Oddity[] {
  const oddities: Oddity[] = [];
  if (/:0$/.test(vector.get('level 6') ?? '')) {
    oddities.push({
      id: 'contradictory-answers',
      text: 'it lets in whoever asks for protocol level 6, which does not exist [MQTT-3.1.2-2]',
    });
  }
  if (told && told.confidence < BELIEVED_FROM) {
    oddities.push({
      id: 'contradictory-answers',
      text: `it says it is ${told.name}, and its answers are not those of ${told.name}`,
    });
  }
  return oddities;
}

/** Brokers have died of malformed packets; a firewall may have shut them off from us as well. */
export function strictnessOddities(strictness: StrictnessResult | undefined): Oddity[] {
  return Object.values(strictness ?? {}).includes('unreachable')
    ? [
        {
          id: 'gone-after-malformed',
          text: 'since it was sent packets that break the protocol, it takes no connection any more',
        },
      ]
    : [];
}
