import { climateAt, round } from '../climate';
import { json, type Model, truth } from '../device';

const ADC_MAX = 4095;
/** Light that drives the divider to half of full scale, in lx. */
const HALF_SCALE_LUX = 200;

/** The customer's device, with the payloads of the firmware and the day of the house: one in each room. */
export const esp32: Model = (me) => {
  const prefix = `sensors/${me.room}`;
  return {
    announce: () => [],
    at: (tick) => {
      const { temperature, humidity, illuminance, motion } = climateAt(me, tick);
      // A divider of LDR and resistor: the brighter, the closer to full scale.
      const raw = Math.round((ADC_MAX * illuminance) / (illuminance + HALF_SCALE_LUX));
      const percent = round((100 * raw) / ADC_MAX, 1);
      const dht = `{"temp_c":${temperature.toFixed(1)},"hum_pct":${humidity.toFixed(1)}}`;
      return [
        {
          topic: `${prefix}/dht`,
          payload: dht,
          retain: true,
          truths: [
            truth('temp_c', 'temperature', temperature, '°C'),
            truth('hum_pct', 'humidity', humidity, '%'),
          ],
        },
        json(
          `${prefix}/ldr`,
          { ldr_pct: percent, ldr_raw: raw },
          [truth('ldr_pct', 'illuminance', percent, '%')],
          true,
        ),
        json(`${prefix}/pir`, { pir: motion ? 1 : 0 }, [truth('pir', 'motion', motion ? 1 : 0)], true),
      ];
    },
  };
};
