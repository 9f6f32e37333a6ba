import { type JsonNode, member, pathOf } from '../json';
import { normalised } from '../quantities';
import { GPIO_LEVEL, type Hit } from './hit';
import { hitAt, MAX_KEY, membersBeside } from './leaf';

const CODE =
  /^(?:pin|pincode|keycode|accesscode|alarmcode|doorcode|usercode|disarmcode|armcode|lockcode|entrycode|unlockcode|mastercode|securitycode|keypadcode|guestcode|actioncode|setuppin|setuppincode|duresscode|codealarm|puk|pukcode|simpin)$/;
const CODE_CONTEXT = /(?:alarm|(?<![bc])lock|keypad|disarm|door|gate(?!way)|garage|entry|security|access)/i;
/** What stands beside the number of a pin of a board, and what a command to a lock or an alarm says. */
const GPIO_NEIGHBOUR =
  /^(?:gpio\w{0,8}|mode|pinmode|state|level|value|digital|analog|pull(?:up|down)?|pwm|duty|direction|board|port)$/;
const LOCK_COMMAND = /^(?:(?:dis|un)?arm|(?:un)?lock|(?:away|home|night|stay|vacation)$)/i;
const NO_CODE =
  /(?:status|device|error|country|post|zip|http|product|response|result|exit|fault|event|weather|area|qr|bar)/i;
/** Parts of a board and what hangs on it: `{"led":{"pin":1302}}`. */
const HARDWARE =
  /(?:led|relay|button|buzzer|servo|motor|pump|fan|sensor|dht|ldr|strip|pixel|i2c|spi|uart|adc|dac|pwm|board|hardware|gpio|io)s?\d{0,2}$/i;

/** The code of an alarm or a lock: four to eight digits under such a name. */
export function codeHit(leaf: JsonNode, key: string, value: string, topic: string): Hit | undefined {
  if (!/^\d{4,8}$/.test(value) || NO_CODE.test(key)) return undefined;
  const isNumber = typeof leaf.value === 'number';
  if (key === 'pin' && (isNumber || GPIO_LEVEL.test(topic)) && isGpio(leaf, topic)) return undefined;
  // Keyboards number their keys too.
  if (key === 'keycode' && isNumber && !isAboutLocks(leaf, topic)) return undefined;
  if (CODE.test(key)) return hitAt(leaf, 'alarm-code', 'CRITICAL', 0.9);
  if (key !== 'code' && key !== 'cod') return undefined;
  const action = ['action', 'cmd', 'command'].map((name) => member(leaf.parent, name)?.value).find(Boolean);
  const isCommand = typeof action === 'string' && /^(?:DIS)?ARM|LOCK|OPEN/i.test(action);
  if (!isCommand && !CODE_CONTEXT.test(topic)) return undefined;
  return hitAt(leaf, 'alarm-code', 'CRITICAL', isCommand ? 0.95 : 0.8);
}

/** True when a name is one of codes, whatever is under it. */
export function namesCode(key: string): boolean {
  return CODE.test(key);
}

function isAboutLocks(leaf: JsonNode, topic: string): boolean {
  return (
    CODE_CONTEXT.test(topic) ||
    CODE_CONTEXT.test(pathOf(leaf.parent ?? leaf)) ||
    membersBeside(leaf).some(({ value }) => typeof value === 'string' && LOCK_COMMAND.test(value))
  );
}

/** True for the number of a pin of a board: `{"pin":1034,"mode":"OUTPUT"}`, where no lock or alarm is spoken of. */
function isGpio(leaf: JsonNode, topic: string): boolean {
  const isBoard = GPIO_LEVEL.test(topic);
  if (isAboutLocks(leaf, topic) && !isBoard) return false;
  const around = leaf.parent?.key;
  return (
    isBoard ||
    (typeof around === 'string' && around.length <= MAX_KEY && HARDWARE.test(around)) ||
    membersBeside(leaf).some(
      ({ key }) => typeof key === 'string' && key.length <= MAX_KEY && GPIO_NEIGHBOUR.test(normalised(key)),
    )
  );
}
