import type { NodeAPI } from 'node-red';
import { fillText, ScanError } from '../../lib/model';

/** The catalogue that all nodes share: each file's texts are visible under its own namespace only. */
const NAMESPACE = '@mqtt-security/node-red-contrib-mqtt-scanner/mqtt-scan-profile';

/** Translates a shared text; `fallback` is the English one, for runtimes that load no catalogues. */
export function sharedText(
  RED: NodeAPI,
  key: string,
  fallback: string,
  params: Readonly<Record<string, string | number>> = {},
): string {
  const path = `mqtt-scanner.${key}`;
  // Filled in here: i18next would also fill places inside of the parameters, which may come from a target.
  const text = RED._(`${NAMESPACE}:${path}`, { skipInterpolation: 1 });
  return typeof text === 'string' && !text.endsWith(path) ? fillText(text, params) : fallback;
}

/** The error as the user shall read it: same code, text in his language. */
export function translated(RED: NodeAPI, thrown: unknown): ScanError {
  const error = ScanError.from(thrown);
  error.message = sharedText(RED, `error.${error.code}`, error.message, error.params);
  return error;
}
