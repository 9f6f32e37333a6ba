import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generate, type IConnackPacket, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import { runs } from '../../test/support/property-runs';
import { printable } from '../model';
import { decodeConnack } from './connack-packet';
import { encodeConnect } from './connect-packet';
import { type Frame, FrameReader } from './frame-reader';
import { WireError } from './wire-error';

const version = fc.constantFrom(3 as const, 4 as const, 5 as const);
const text = fc.string({ unit: 'grapheme', maxLength: 12 });

const properties = fc.record(
  {
    sessionExpiryInterval: fc.nat(0xffff_ffff),
    receiveMaximum: fc.integer({ min: 1, max: 0xffff }),
    maximumQoS: fc.nat(1),
    retainAvailable: fc.boolean(),
    maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
    assignedClientIdentifier: text,
    topicAliasMaximum: fc.nat(0xffff),
    reasonString: text,
    wildcardSubscriptionAvailable: fc.boolean(),
    subscriptionIdentifiersAvailable: fc.boolean(),
    sharedSubscriptionAvailable: fc.boolean(),
    serverKeepAlive: fc.nat(0xffff),
    responseInformation: text,
    serverReference: text,
  },
  { requiredKeys: [] },
);

describe('packets, checked against mqtt-packet', function () {
  this.timeout(0);

  it('reads every CONNECT that is written here as it was meant', () => {
    const credentials = fc.record({ username: text, password: text });
    fc.assert(
      fc.property(
        version,
        fc.stringMatching(/^[a-z0-9]{1,23}$/),
        fc.option(credentials),
        (v, clientId, login) => {
          const bytes = encodeConnect({ protocolVersion: v, clientId, ...(login && { credentials: login }) });
          const packet = onlyPacket(bytes) as IConnectPacket;
          assert.equal(packet.cmd, 'connect');
          assert.deepEqual(
            [packet.protocolVersion, packet.clientId, packet.clean, packet.will, packet.username],
            [v, clientId, true, undefined, login?.username],
          );
          assert.equal(packet.password?.toString(), login?.password);
        },
      ),
      runs(5000),
    );
  });

  it('understands every CONNACK of MQTT 3.1 and 3.1.1', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(3 as const, 4 as const),
        fc.nat(255),
        fc.boolean(),
        (v, code, sessionPresent) => {
          const bytes = generate(
            { cmd: 'connack', returnCode: code, sessionPresent },
            { protocolVersion: v },
          );
          const connack = decodeConnack(onlyFrame(bytes), v);
          assert.deepEqual(
            [connack.protocolVersion, connack.code, connack.sessionPresent, connack.properties],
            [v, code, sessionPresent, undefined],
          );
        },
      ),
      runs(3000),
    );
  });

  it('understands every CONNACK of MQTT 5 with its properties', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.boolean(), properties, (code, sessionPresent, given) => {
        const packet: IConnackPacket = {
          cmd: 'connack',
          reasonCode: code,
          sessionPresent,
          properties: given,
        };
        const connack = decodeConnack(onlyFrame(generate(packet, { protocolVersion: 5 })), 5);
        assert.deepEqual(
          [connack.protocolVersion, connack.code, connack.sessionPresent],
          [5, code, sessionPresent],
        );
        // Compared with what mqtt-packet itself reads: it writes no property that is not set or of no length.
        const oracle = onlyPacket(generate(packet, { protocolVersion: 5 }), 5) as IConnackPacket;
        const expected = Object.entries(oracle.properties ?? {}).map(([name, value]) => [
          name,
          typeof value === 'string' ? printable(value) : value,
        ]);
        assert.deepEqual(Object.entries(connack.properties ?? {}), expected);
      }),
      runs(5000),
    );
  });

  it('answers a CONNACK of any bytes with a result or a WireError', () => {
    fc.assert(
      fc.property(version, fc.uint8Array({ maxLength: 60 }), (v, body) => {
        const bytes = Buffer.concat([Buffer.from([0x20, body.length]), body]);
        try {
          const connack = decodeConnack(onlyFrame(bytes), v);
          assert.ok(JSON.stringify(connack).length < 20_000);
        } catch (thrown) {
          assert.ok(thrown instanceof WireError, String(thrown));
        }
      }),
      runs(10_000),
    );
  });
});

function onlyFrame(bytes: Buffer): Frame {
  const frames: Frame[] = [];
  const rules = { limitOf: () => 10_000, oversize: 'reject' } as const;
  new FrameReader(rules, { frame: (frame) => frames.push(frame), skipped: () => assert.fail() }).push(bytes);
  const [frame] = frames;
  assert.ok(frame && frames.length === 1);
  return frame;
}

function onlyPacket(bytes: Buffer, protocolVersion = 4): Packet {
  const packets: Packet[] = [];
  const codec = parser({ protocolVersion });
  codec.on('packet', (packet: Packet) => packets.push(packet));
  codec.on('error', (error: Error) => assert.fail(error.message));
  codec.parse(bytes);
  const [packet] = packets;
  assert.ok(packet && packets.length === 1);
  return packet;
}
