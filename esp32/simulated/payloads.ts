import { dhtAt, ldrAt, pirAt } from './values';

/** One retained message of a device. */
export interface Publication {
  readonly topic: string;
  readonly payload: string;
}

/** The customer's topics. */
export const TOPICS = {
  dht: 'sensors/faris/dht_secure',
  ldr: 'sensors/faris/ldr_secure',
  pir: 'sensors/faris/pir_insecure',
} as const;

/** What is published over TLS at a tick. */
export function securePublications(seed: number, tick: number): Publication[] {
  const dht = dhtAt(seed, tick);
  const ldr = ldrAt(seed, tick);
  // The firmware prints one decimal always (`56.0`), which JSON.stringify would shorten.
  return [
    { topic: TOPICS.dht, payload: `{"temp_c":${dht.tempC.toFixed(1)},"hum_pct":${dht.humPct.toFixed(1)}}` },
    { topic: TOPICS.ldr, payload: `{"ldr_pct":${ldr.pct.toFixed(1)},"ldr_raw":${ldr.raw}}` },
  ];
}

/** What is published in plain text at a tick. */
export function insecurePublications(seed: number, tick: number): Publication[] {
  return [{ topic: TOPICS.pir, payload: `{"pir":${pirAt(seed, tick)}}` }];
}
