import type { Sensor } from '../model';
import { Facts } from './facts';
import { Message } from './message';
import { sensorIn } from './sensors';

/** Says which sensor one message comes from, without anything that other messages have told. */
export function recogniseSensor(topic: string, payload: string): Sensor | undefined {
  return sensorIn(new Message(topic, Buffer.from(payload)), new Facts());
}
