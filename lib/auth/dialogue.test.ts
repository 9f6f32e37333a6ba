import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { generate } from 'mqtt-packet';
import { startScripted } from '../../test/support/scripted-server';
import { loopbackContext } from '../../test/support/stage-context';
import type { Endpoint } from '../model';
import { Dialogue } from './dialogue';

/** Types of packets that clients send (3.1.1 §2.2.1). */
const Sent = { CONNECT: 1, SUBSCRIBE: 8, PINGREQ: 12 } as const;
const CONNACK = Buffer.from('20020000', 'hex');
const SUBACK = Buffer.from('9003000100', 'hex');
const PINGRESP = Buffer.from('d000', 'hex');
/** QoS 0, topic `a`, no payload. */
const PUBLISH = Buffer.from('3003000161', 'hex');

const context = loopbackContext({ phaseTimeoutMs: 500 });

/** Runs a dialogue with a broker that is made of its answers to packets; gives the types of what it received. */
async function talk(
  answer: (type: number) => Buffer[],
  work: (dialogue: Dialogue) => Promise<void>,
): Promise<number[]> {
  const received: number[] = [];
  const server = await startScripted((socket) => {
    socket.on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; at += 2 + (chunk[at + 1] ?? 0)) {
        const type = (chunk[at] ?? 0) >> 4;
        received.push(type);
        for (const bytes of answer(type)) socket.write(bytes);
      }
    });
  });
  const endpoint: Endpoint = { target: '127.0.0.1', address: '127.0.0.1', port: server.port, named: true };
  try {
    const dialogue = await Dialogue.open(
      { endpoint, transport: 'tcp', versions: [4] },
      { protocolVersion: 4 },
      context,
    );
    await work(dialogue);
    dialogue.drop();
  } finally {
    await server.stop();
  }
  return received;
}

const pings = (received: readonly number[]): number =>
  received.filter((type) => type === Sent.PINGREQ).length;

describe('Dialogue', () => {
  it("acknowledges with packets, so that what Nagle's algorithm holds back comes", async () => {
    // Behind the first small packet this broker sends nothing until another packet of ours has come.
    const received = await talk(
      (type) =>
        type === Sent.CONNECT
          ? [CONNACK]
          : type === Sent.SUBSCRIBE
            ? [SUBACK]
            : type === Sent.PINGREQ
              ? [PINGRESP, PUBLISH]
              : [],
      async (dialogue) => {
        const id = dialogue.subscribe('a');
        assert.ok(await dialogue.until(() => dialogue.messages > 0, 500));
        assert.equal(dialogue.codeOf(id), 0);
      },
    );
    assert.ok(pings(received) >= 1);
  });

  it('does not go on with that, and does nothing of it where nothing was asked for', async () => {
    const echo = (type: number): Buffer[] =>
      type === Sent.CONNECT
        ? [CONNACK]
        : type === Sent.SUBSCRIBE
          ? [SUBACK]
          : type === Sent.PINGREQ
            ? [PINGRESP]
            : [];
    const asked = await talk(echo, async (dialogue) => {
      dialogue.subscribe('a');
      assert.equal(await dialogue.until(() => false, 150), false);
    });
    assert.ok(pings(asked) >= 1 && pings(asked) <= 8, `${pings(asked)} packets`);
    const silent = await talk(echo, async (dialogue) => {
      assert.equal(await dialogue.until(() => false, 50), false);
      await delay(10);
    });
    assert.equal(pings(silent), 0);
  });

  it('keeps the first part of a long topic only', async () => {
    const topic = 'x'.repeat(60_000);
    const long = generate({ cmd: 'publish', topic, payload: '', qos: 0, retain: false, dup: false });
    const answer = (type: number): Buffer[] =>
      type === Sent.CONNECT ? [CONNACK] : type === Sent.SUBSCRIBE ? [SUBACK, long] : [];
    await talk(answer, async (dialogue) => {
      let arrived = '';
      dialogue.onMessage((message) => {
        arrived = message.topic;
      });
      dialogue.subscribe('#');
      await dialogue.until(() => dialogue.messages > 0, 500);
      assert.equal(arrived, topic.slice(0, 2048));
    });
  });
});
