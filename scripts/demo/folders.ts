import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const data = process.env.MQTT_SCANNER_DATA || join(root, '.mqtt-scanner');

/** Where `npm start` keeps its things: all inside one ignored folder of the clone, or where MQTT_SCANNER_DATA says. */
export const FOLDERS = {
  root,
  data,
  lab: join(data, 'lab'),
  userDir: join(data, 'node-red'),
  reports: join(data, 'node-red', 'mqtt-scan-reports'),
  log: join(data, 'node-red.log'),
} as const;
