import { climateAt } from '../climate';
import { bare, json, type Model, truth } from '../device';

/** Homie 3 and 4: attributes are topics of their own. */
export const homie4: Model = (me) => {
  const prefix = `homie/${me.room.replaceAll('_', '-')}`;
  const attribute = (name: string, value: string) => bare(`${prefix}/${name}`, value, [], true);
  return {
    announce: () => [
      attribute('$homie', '4.0.0'),
      attribute('$name', me.room),
      attribute('$state', 'ready'),
      attribute('$nodes', 'climate'),
      attribute('climate/$properties', 'temperature'),
      attribute('climate/temperature/$datatype', 'float'),
      attribute('climate/temperature/$unit', '°C'),
    ],
    at: (tick) => {
      const { temperature } = climateAt(me, tick);
      return [
        bare(
          `${prefix}/climate/temperature`,
          temperature,
          [truth('', 'temperature', temperature, '°C')],
          true,
        ),
      ];
    },
  };
};

/** Homie 5: one description per device. */
export const homie5: Model = (me) => {
  const prefix = `homie/5/${me.room.replaceAll('_', '-')}`;
  const description = {
    homie: '5.0',
    version: 1,
    name: me.room,
    nodes: {
      air: {
        properties: {
          humidity: { name: 'Humidity', datatype: 'float', unit: '%' },
          pressure: { name: 'Air pressure', datatype: 'float', unit: 'hPa' },
        },
      },
    },
  };
  return {
    announce: () => [
      json(`${prefix}/$description`, description, [], true),
      bare(`${prefix}/$state`, 'ready', [], true),
    ],
    at: (tick) => {
      const { humidity, pressure } = climateAt(me, tick);
      return [
        bare(`${prefix}/air/humidity`, humidity, [truth('', 'humidity', humidity, '%')], true),
        bare(`${prefix}/air/pressure`, pressure, [truth('', 'pressure', pressure, 'hPa')], true),
      ];
    },
  };
};
