import { pageFile } from './flow-node';
import type { Template } from './template';

/** The widgets of the page: what each one shows before anything has happened. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  form: {
    html: pageFile('form.html'),
    page: { running: false, isWrong: false, problems: {} },
    form: {
      target: '127.0.0.1',
      ports: '1883, 8883',
      depth: 'full',
      listen: '5',
      username: '',
      password: '',
    },
    isPersonal: true,
  },
  summary: { html: pageFile('summary.html'), page: {} },
  progress: { html: pageFile('progress.html'), page: {} },
  notice: { html: pageFile('notice.html'), page: {} },
  sensors: { html: pageFile('sensors.html'), page: {} },
  results: {
    html: pageFile('results.html'),
    page: { rows: [], empty: ' ' },
    form: { search: '' },
    isPersonal: true,
  },
  log: { html: pageFile('log.html'), page: { lines: [] } },
  history: { html: pageFile('history.html'), page: { reports: [] } },
};

/** Gauges: key, title, unit, range, and from where on the colour changes. */
export const GAUGES = [
  {
    key: 'temperature',
    title: 'Temperature',
    unit: '°C',
    max: 50,
    steps: [18, 30],
    colors: ['#0369a1', '#15803d', '#b91c1c'],
  },
  {
    key: 'humidity',
    title: 'Humidity',
    unit: '%',
    max: 100,
    steps: [30, 60],
    colors: ['#a16207', '#15803d', '#0369a1'],
  },
  {
    key: 'light',
    title: 'Light',
    unit: '%',
    max: 100,
    steps: [30, 60],
    colors: ['#4b5563', '#a16207', '#eab308'],
  },
] as const;
