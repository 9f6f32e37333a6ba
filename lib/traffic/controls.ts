import type { ControlSurface } from '../model';
import type { Message } from './message';

interface ControlRule extends Omit<ControlSurface, 'topic'> {
  readonly matches: (levels: readonly string[], topic: string) => boolean;
}

const at = (levels: readonly string[], i: number): string => levels.at(i) ?? '';
const isCommand = (level: string): boolean =>
  /^(?:set|cmd|cmnd|command|commands|control|(?:lock)?[_-]?action|rpc)$/i.test(level);
/** Below a level for commands each command has its own: `cmd/limit`, unless it is the answer. */
const isBelowCommands = (above: string, last: string): boolean =>
  /^(?:cmd|command|commands)$/i.test(above) &&
  !/^(?:state|status|response|result|answer|reply|ack|error|log)$/i.test(last);

/** What a button has said, and what a Shelly tells whoever listens. */
const isReport = (above: string, last: string, first: string | undefined): boolean =>
  (last === 'action' && first === 'zigbee2mqtt') || (last === 'rpc' && above === 'events');

/** Topics by which something is made to act, the gravest first. */
const RULES: readonly ControlRule[] = [
  rule('ot-command', 'CRITICAL', 1, 'Sparkplug B', (l) => l[0] === 'spBv1.0' && /^[ND]CMD$/.test(at(l, 2))),
  rule(
    'firmware-update',
    'HIGH',
    0.95,
    'Tasmota',
    (l) => l.includes('cmnd') && /^(?:Upgrade|OtaUrl|Upload)$/i.test(at(l, -1)),
  ),
  rule('command', 'HIGH', 1, 'Tasmota', (l) => l.includes('cmnd')),
  rule('firmware-update', 'HIGH', 0.95, 'Zigbee2MQTT', (_, t) =>
    /\/bridge\/(?:request|response)\/device\/ota_update/.test(t),
  ),
  rule('command', 'HIGH', 1, 'Zigbee2MQTT', (_, t) => /\/bridge\/request\//.test(t)),
  rule(
    'camera',
    'HIGH',
    0.95,
    'Frigate',
    (l) => l[0] === 'frigate' && (at(l, -1) === 'set' || at(l, -1) === 'ptz'),
  ),
  rule(
    'lock',
    'CRITICAL',
    0.85,
    'topic name',
    (l) =>
      isCommand(at(l, -1)) && l.some((one) => /(?:^|[_-])(?:door)?lock(?:$|[_-])|smartlock|nuki/i.test(one)),
  ),
  rule(
    'alarm',
    'CRITICAL',
    0.85,
    'topic name',
    (l) => isCommand(at(l, -1)) && l.some((one) => /alarm|siren|alarmo/i.test(one)),
  ),
  rule(
    'cover',
    'HIGH',
    0.85,
    'topic name',
    (l) => isCommand(at(l, -1)) && l.some((one) => /garage|gate|door|cover|shutter|roller/i.test(one)),
  ),
  rule(
    'command',
    'MEDIUM',
    0.95,
    'Zigbee2MQTT',
    (l) => l[0] === 'zigbee2mqtt' && (at(l, -1) === 'set' || at(l, -2) === 'set'),
  ),
  rule(
    'command',
    'HIGH',
    0.95,
    'Shelly',
    (l) =>
      (l[0] === 'shellies' && at(l, -1) === 'command') || (at(l, -1) === 'rpc' && at(l, -2) !== 'events'),
  ),
  rule(
    'command',
    'MEDIUM',
    0.95,
    'WLED',
    (l) => l[0] === 'wled' && l.length >= 3 && /^(?:api|col)$/.test(at(l, -1)),
  ),
  rule('ot-command', 'HIGH', 0.9, 'Victron', (l) => l[0] === 'W' && /^[0-9a-f]{12}$/.test(at(l, 1))),
  rule('command', 'HIGH', 0.9, 'OwnTracks', (l) => l[0] === 'owntracks' && at(l, -1) === 'cmd'),
  rule(
    'command',
    'MEDIUM',
    0.95,
    'OpenMQTTGateway',
    (l) => l.includes('commands') && l.some((one) => /^MQTTto/.test(one)),
  ),
  rule(
    'command',
    'HIGH',
    1,
    'The Things Stack',
    (l) => l[0] === 'v3' && at(l, 4) === 'down' && /^(?:push|replace)$/.test(at(l, 5)),
  ),
  rule(
    'command',
    'HIGH',
    1,
    'ChirpStack',
    (l) => at(l, -2) === 'command' && (l[0] === 'application' || l.includes('gateway')),
  ),
  rule(
    'command',
    'HIGH',
    0.9,
    'AWS IoT device shadow',
    (l) => l[0] === '$aws' && l[3] === 'shadow' && at(l, -1) === 'update',
  ),
  rule(
    'ot-command',
    'HIGH',
    0.6,
    'topic name',
    (l) =>
      (isCommand(at(l, -1)) || /^(?:write|setpoint)$/i.test(at(l, -1))) &&
      l.some((one) => /^(?:plc|scada|modbus|opc-?ua|s7|dcs|rtu)/i.test(one)),
  ),
  rule('firmware-update', 'HIGH', 0.6, 'topic name', (l) =>
    l.some((one) => /^(?:ota|fota|fwupdate|fw_update|firmware_?update|upgrade)$/i.test(one)),
  ),
  rule(
    'command',
    'MEDIUM',
    0.7,
    'topic name',
    (l) =>
      l[0]?.startsWith('$') !== true &&
      l.length > 1 &&
      (isCommand(at(l, -1)) || isBelowCommands(at(l, -2), at(l, -1))) &&
      !isReport(at(l, -2), at(l, -1), l[0]),
  ),
];

function rule(
  kind: ControlSurface['kind'],
  severity: ControlSurface['severity'],
  confidence: number,
  convention: string,
  matches: ControlRule['matches'],
): ControlRule {
  return { kind, severity, confidence, convention, matches };
}

/** Something of this stands in every topic that a rule knows; most topics have none of it. */
const MAY_CONTROL =
  /set|cmd|cmnd|command|control|action|rpc|ptz|write|ota|firmware|fw_?update|upgrade|update|mqttto|down|request|response|^wled\/|^W\//i;

/** What a topic makes act, if it is one for commands. */
export function controlOf({ topic, levels }: Message): ControlSurface | undefined {
  if (topic.length > 1024 || !MAY_CONTROL.test(topic)) return undefined;
  const found = RULES.find(({ matches }) => matches(levels, topic));
  if (!found) return undefined;
  const { matches: _, ...control } = found;
  return { ...control, topic };
}
