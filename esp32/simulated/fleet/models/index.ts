import type { Model } from '../device';
import { esp32 } from './esp32';
import { homie4, homie5 } from './homie';
import { frigate, ownTracks, valetudo } from './people';
import { awsShadow, chirpStack, ruuvi, thingsStack } from './radio';
import {
  espHome,
  homeAssistant,
  openMqttGateway,
  shelly1,
  shelly2,
  tasmota,
  zigbee2mqtt,
} from './smart-home';
import { sparkplug } from './sparkplug';

/** A device for each convention. */
export const MODELS = {
  esp32,
  tasmota,
  zigbee2mqtt,
  homeAssistant,
  espHome,
  shelly1,
  shelly2,
  openMqttGateway,
  homie4,
  homie5,
  ownTracks,
  frigate,
  valetudo,
  ruuvi,
  thingsStack,
  chirpStack,
  awsShadow,
  sparkplug,
} as const satisfies Record<string, Model>;

export type ModelName = keyof typeof MODELS;
