import assert from 'node:assert/strict';
import type { EndpointReport } from '../model';
import { endpointOf } from './stages';

describe('endpointOf', () => {
  it('keeps the path at which the probe has found MQTT, so that no stage looks for it again', () => {
    const report: EndpointReport = {
      target: 'broker.test',
      address: '127.0.0.1',
      port: 9001,
      transport: 'ws',
      url: 'ws://127.0.0.1:9001',
      outcome: 'open',
      probe: { versions: [4], webSocket: { path: '/ws' } },
    };
    const { target, address, port, transport } = report;
    assert.deepEqual(endpointOf(report), {
      target,
      address,
      port,
      transport,
      named: true,
      webSocketPath: '/ws',
    });
  });
});
