import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import { type ConnectForm, encodeForm } from './connect-form';

function decoded(form: ConnectForm): IConnectPacket {
  const packets: IConnectPacket[] = [];
  const codec = parser();
  codec.on('packet', (packet: Packet) => packets.push(packet as IConnectPacket));
  codec.on('error', (error: Error) => assert.fail(error));
  codec.parse(encodeForm(form).bytes);
  assert.equal(packets.length, 1);
  return packets[0] as IConnectPacket;
}

describe('encodeForm', () => {
  it('tells an empty text from one that is absent', () => {
    for (const protocolVersion of [3, 4, 5] as const) {
      // Flags and what follows the client identifier "a", which stands at the end.
      const end = (form: Omit<ConnectForm, 'protocolVersion'>): string =>
        encodeForm({ protocolVersion, clientId: 'a', ...form })
          .bytes.toString('hex')
          .split('000161')[1] ?? '';
      assert.equal(end({}), '');
      assert.equal(end({ username: '' }), '0000');
      assert.equal(end({ username: 'u' }), '000175');
      assert.equal(end({ username: 'u', password: '' }), '0001750000');
      assert.equal(end({ username: '', password: '' }), '00000000');
    }
  });

  it('is read back as it was meant', () => {
    const text = fc
      .string({ minLength: 1, maxLength: 200 })
      .filter((value) => !/[\0\uD800-\uDFFF]/.test(value));
    fc.assert(
      fc.property(
        fc.constantFrom(3 as const, 4 as const, 5 as const),
        text,
        fc.option(text, { nil: undefined }),
        fc.boolean(),
        fc.option(fc.record({ topic: text, payload: text }), { nil: undefined }),
        (protocolVersion, clientId, username, clean, will) => {
          const password = username;
          const packet = decoded({
            protocolVersion,
            clientId,
            username,
            password,
            clean,
            ...(will && { will }),
            ...(protocolVersion === 5 && {
              sessionExpiry: 86_400,
              authentication: { method: 'SCRAM-SHA-256', data: Buffer.from('n,,n=a') },
            }),
          });
          assert.equal(packet.protocolVersion, protocolVersion);
          assert.equal(packet.clientId, clientId);
          assert.equal(packet.username, username);
          assert.equal(packet.password?.toString(), password);
          assert.equal(packet.clean, clean);
          assert.equal(packet.will?.topic, will?.topic);
          assert.equal(packet.will?.payload.toString(), will?.payload);
          assert.equal(packet.will?.retain ?? false, false);
          if (protocolVersion === 5) {
            assert.equal(packet.properties?.sessionExpiryInterval, 86_400);
            assert.equal(packet.properties?.authenticationMethod, 'SCRAM-SHA-256');
          }
        },
      ),
    );
  });
});
