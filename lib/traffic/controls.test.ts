import assert from 'node:assert/strict';
import { controlOf } from './controls';
import { Message } from './message';

/** Topics by which something is made to act, and what they are. */
const CONTROLS: readonly (readonly [topic: string, kind: string, severity: string, convention: string])[] = [
  ['spBv1.0/Plant/NCMD/Edge1', 'ot-command', 'CRITICAL', 'Sparkplug B'],
  ['spBv1.0/Plant/DCMD/Edge1/Pump', 'ot-command', 'CRITICAL', 'Sparkplug B'],
  ['cmnd/plug/POWER', 'command', 'HIGH', 'Tasmota'],
  ['cmnd/plug/OtaUrl', 'firmware-update', 'HIGH', 'Tasmota'],
  ['zigbee2mqtt/bridge/request/permit_join', 'command', 'HIGH', 'Zigbee2MQTT'],
  ['zigbee2mqtt/plug/set', 'command', 'MEDIUM', 'Zigbee2MQTT'],
  ['zigbee2mqtt/plug/set/state', 'command', 'MEDIUM', 'Zigbee2MQTT'],
  ['frigate/front_door/detect/set', 'camera', 'HIGH', 'Frigate'],
  ['frigate/yard/ptz', 'camera', 'HIGH', 'Frigate'],
  ['shellies/plug/relay/0/command', 'command', 'HIGH', 'Shelly'],
  ['shellypro4pm-1/rpc', 'command', 'HIGH', 'Shelly'],
  ['wled/shelf/api', 'command', 'MEDIUM', 'WLED'],
  ['W/c0619ab1c2d3/settings/0/Settings/CGwacs/AcPowerSetPoint', 'ot-command', 'HIGH', 'Victron'],
  ['nuki/3A4B5C6D/lockAction', 'lock', 'CRITICAL', 'topic name'],
  ['home/front_lock/set', 'lock', 'CRITICAL', 'topic name'],
  ['alarm/set', 'alarm', 'CRITICAL', 'topic name'],
  ['garage/left/command', 'cover', 'HIGH', 'topic name'],
  ['plc/line1/write', 'ot-command', 'HIGH', 'topic name'],
  ['device/7/ota/url', 'firmware-update', 'HIGH', 'topic name'],
  ['solar/116180123456/cmd/limit_persistent_relative', 'command', 'MEDIUM', 'topic name'],
  ['plant/motor/command', 'command', 'MEDIUM', 'topic name'],
];

/** What only tells. */
const REPORTS = [
  ...['tele/plug/SENSOR', 'zigbee2mqtt/button/action', 'shellyplusht-1/events/rpc', 'plant/cmd/status'],
  ...['wled/shelf/v', 'N/c0619ab1c2d3/system/0/Serial', 'command', 'home/settings', '$SYS/broker/set'],
];

describe('topics of commands', () => {
  for (const [topic, kind, severity, convention] of CONTROLS) {
    it(`${topic} is one: ${kind}`, () => {
      const found = controlOf(new Message(topic, Buffer.from('ON')));
      assert.deepEqual([found?.kind, found?.severity, found?.convention], [kind, severity, convention]);
    });
  }

  for (const topic of REPORTS) {
    it(`${topic} is none`, () => {
      assert.equal(controlOf(new Message(topic, Buffer.from('ON'))), undefined);
    });
  }
});
