import assert from 'node:assert/strict';
import { ScanError } from '../model';
import { parsePorts } from './ports';

describe('ports', () => {
  it('reads lists, ranges and transports, each port once', () => {
    assert.deepEqual(parsePorts('1883, 8883 9001/ws;8000-8002/tls 1883'), [
      { port: 1883 },
      { port: 8883 },
      { port: 9001, transport: 'ws' },
      { port: 8000, transport: 'tls' },
      { port: 8001, transport: 'tls' },
      { port: 8002, transport: 'tls' },
    ]);
  });

  it('shows what was written where a range has a blank in it', () => {
    assert.throws(() => parsePorts('1883 - 1890'), /"-".*without blanks/);
  });

  for (const text of ['', '0', '70000', '-1', '1e3', '1883/udp', '9-1', '1-2-3', '1883/ws/x', 'mqtt']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parsePorts(text),
        (thrown: unknown) => thrown instanceof ScanError && thrown.code === 'BAD_PORT',
      );
    });
  }
});
