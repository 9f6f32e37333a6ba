import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { type Listener, listen } from './listener';
import { dial } from './test-client';

const REFUSED = Buffer.from([0x20, 2, 0, 5]);
const ACCEPTED = Buffer.from([0x20, 2, 0, 0]);

describe('the client of the tests', () => {
  let listener: Listener;
  let answer: (socket: Socket) => void;

  before(async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    listener = await listen(server, '127.0.0.1', 0, 'none');
  });

  after(() => listener.close());

  const connect = (connectTimeout = 5000): ReturnType<typeof dial> =>
    dial(`mqtt://127.0.0.1:${listener.port}`, { connectTimeout });

  it('is connected once the broker has let it in', async () => {
    answer = (socket) => socket.write(ACCEPTED);
    const client = await connect();
    assert.ok(client.connected);
    await client.endAsync(true);
  });

  it('rejects with the code of a refusal', async () => {
    answer = (socket) => socket.write(REFUSED);
    await assert.rejects(connect(), { code: 5 });
  });

  it('rejects when the broker hangs up before its CONNACK', async () => {
    answer = (socket) => socket.destroy();
    await assert.rejects(connect(), /closed|ECONNRESET/);
  });

  it('rejects when the broker says nothing', async () => {
    answer = () => undefined;
    await assert.rejects(connect(200), /timeout/);
  });
});
