import { climateAt, timeAt } from '../climate';
import { type FleetMessage, type Model, type Truth, truth } from '../device';
import { type Metric, sparkplugPayload } from './sparkplug-payload';

/** Aliases stand for names in everything after the birth. */
const ALIAS = { temperature: 1, pressure: 2, running: 3 } as const;

/** Sparkplug B: an edge node of a plant, in protobuf, with aliases after its birth. */
export const sparkplug: Model = (me) => {
  const node = `edge-${me.index}`;
  const message = (
    type: 'NBIRTH' | 'NDATA',
    tick: number,
    metrics: readonly Metric[],
    truths: readonly Truth[],
  ): FleetMessage => ({
    topic: `spBv1.0/plant/${type}/${node}`,
    payload: sparkplugPayload(timeAt(tick).getTime(), type === 'NBIRTH' ? 0 : (tick % 255) + 1, metrics),
    retain: false,
    truths,
  });
  return {
    announce: () => {
      const { temperature, pressure, motion } = climateAt(me, 0);
      return [
        message(
          'NBIRTH',
          0,
          [
            { name: 'Motor/Temperature', alias: ALIAS.temperature, value: temperature, unit: '°C' },
            { name: 'Line/Pressure', alias: ALIAS.pressure, value: pressure, unit: 'hPa' },
            { name: 'Motor/Running', alias: ALIAS.running, value: motion },
          ],
          [],
        ),
      ];
    },
    at: (tick) => {
      const { temperature, pressure, motion } = climateAt(me, tick);
      return [
        message(
          'NDATA',
          tick,
          [
            { alias: ALIAS.temperature, value: temperature },
            { alias: ALIAS.pressure, value: pressure },
            { alias: ALIAS.running, value: motion },
          ],
          [
            truth('Motor/Temperature', 'temperature', temperature, '°C'),
            truth('Line/Pressure', 'pressure', pressure, 'hPa'),
          ],
        ),
      ];
    },
  };
};
