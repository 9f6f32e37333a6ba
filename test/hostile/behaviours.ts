import type { Row } from './row';
import { BEFORE_CONNACK } from './rows-before-connack';
import { IN_SESSION } from './rows-in-session';
import { MQTT5 } from './rows-mqtt5';
import { NAME_SERVERS } from './rows-names';
import { TLS_PEERS } from './rows-tls';
import { WEB_SOCKETS } from './rows-web-socket';

/** Every hostile peer, by the name under which all three processes know it. */
export const BEHAVIOURS: ReadonlyMap<string, Row> = new Map(
  [...BEFORE_CONNACK, ...MQTT5, ...TLS_PEERS, ...NAME_SERVERS, ...WEB_SOCKETS, ...IN_SESSION]
    .sort((a, b) => a.row - b.row)
    .map((row) => [`${row.row}: ${row.behaviour}`, row]),
);
