import { awsShadow } from './aws-shadow';
import { chirpstack } from './chirpstack';
import type { Convention } from './convention';
import { esphome } from './esphome';
import { espresense } from './espresense';
import { frigate } from './frigate';
import { homeAssistant } from './home-assistant';
import { homie } from './homie';
import { openMqttGateway } from './open-mqtt-gateway';
import { owntracks } from './owntracks';
import { ruuvi } from './ruuvi';
import { shelly1, shelly2 } from './shelly';
import { sparkplug } from './sparkplug';
import { tasmota } from './tasmota';
import { theThingsStack } from './the-things-stack';
import { valetudo } from './valetudo';
import { zigbee2mqtt } from './zigbee2mqtt';

/** The first whose topics a message has reads it; those with a level of their own come first. */
export const CONVENTIONS: readonly Convention[] = [
  sparkplug,
  homeAssistant,
  zigbee2mqtt,
  shelly1,
  frigate,
  owntracks,
  ruuvi,
  espresense,
  theThingsStack,
  chirpstack,
  awsShadow,
  homie,
  openMqttGateway,
  tasmota,
  valetudo,
  shelly2,
  esphome,
];
