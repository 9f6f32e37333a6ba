import type { FleetDevice, FleetMessage, Identity } from './device';
import { type Fault, type FaultPlan, faultOf, faulty } from './faults';
import { identityOf } from './identity';
import { MODELS, type ModelName } from './models';

/** One device of a fleet. */
export interface Member {
  readonly me: Identity;
  readonly model: ModelName;
  readonly fault: Fault | undefined;
  readonly announcements: readonly FleetMessage[];
  readonly at: FleetDevice['at'];
}

export interface PlanOptions {
  readonly size: number;
  readonly seed: number;
  readonly faults?: FaultPlan;
  /** Leave conventions out whose topics begin with `$`: many brokers keep those for themselves. */
  readonly dollar?: boolean;
}

/** Who is in a fleet. Conventions take turns, so that a small fleet has each of them. */
export function planFleet({
  size,
  seed,
  faults = { faults: [], share: 0 },
  dollar = false,
}: PlanOptions): Member[] {
  const names = (Object.keys(MODELS) as ModelName[]).filter((name) => dollar || name !== 'awsShadow');
  const members = Array.from({ length: size }, (_, index): Member => {
    const model = names[index % names.length] ?? 'tasmota';
    const me = identityOf(seed, index);
    const device = MODELS[model](me);
    const fault = faults.faults.length === 0 ? undefined : faultOf(me, faults);
    return {
      me,
      model,
      fault,
      announcements: device.announce(),
      at: (tick) => faulty(me, fault, tick, device.at),
    };
  });
  return withOneList(members);
}

/** The list of a Zigbee2MQTT bridge: retained, so that whoever wrote last would be alone in it. */
const BRIDGE_LIST = 'zigbee2mqtt/bridge/devices';

/** Puts the lists of all devices of the bridge into one, which each of them tells. */
function withOneList(members: readonly Member[]): Member[] {
  const lists = members.flatMap(({ announcements }) => announcements.filter(isBridgeList));
  const payload = JSON.stringify(lists.flatMap((list) => JSON.parse(String(list.payload)) as unknown[]));
  return members.map((member) => ({
    ...member,
    announcements: member.announcements.map((message) =>
      isBridgeList(message) ? { ...message, payload } : message,
    ),
  }));
}

function isBridgeList({ topic }: FleetMessage): boolean {
  return topic === BRIDGE_LIST;
}
