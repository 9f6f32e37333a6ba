import type { Outcome, Transport } from './endpoint';

/** Outcomes as reports and dashboards name them. */
export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  open: 'Open / OK',
  'auth-failed': 'Auth Failed',
  'tls-error': 'TLS Error',
  'not-mqtt': 'Not MQTT',
  closed: 'Closed / Refused',
  unreachable: 'Unreachable / Timeout',
};

/** Transports as the CSV column Protocol names them. */
export const PROTOCOL_LABELS: Readonly<Record<Transport, string>> = {
  tcp: 'MQTT (Plain)',
  tls: 'MQTT over TLS',
  ws: 'MQTT over WebSocket (Plain)',
  wss: 'MQTT over WebSocket (TLS)',
};
