import assert from 'node:assert/strict';
import { HostHealth } from './host-health';

/** No port of brokers. */
const PORT = 22;

describe('HostHealth', () => {
  it('gives a host up after thirty silences in a row', () => {
    const health = new HostHealth();
    for (let i = 0; i < 29; i++) health.noteSilence('10.0.0.1');
    assert.equal(health.isGivenUp('10.0.0.1', PORT), false);
    health.noteSilence('10.0.0.1');
    assert.deepEqual([health.isGivenUp('10.0.0.1', PORT), health.isGivenUp('10.0.0.2', PORT)], [true, false]);
  });

  it('begins anew when the host answers in between', () => {
    const health = new HostHealth();
    for (let i = 0; i < 60; i++) {
      if (i === 29) health.noteAnswer('10.0.0.1');
      else health.noteSilence('10.0.0.1');
    }
    assert.equal(health.isGivenUp('10.0.0.1', PORT), true);
    health.noteAnswer('10.0.0.1');
    assert.equal(health.isGivenUp('10.0.0.1', PORT), false);
  });

  it('forgets the host that it met first when there are too many', () => {
    const health = new HostHealth();
    for (let i = 0; i < 30; i++) health.noteSilence('first');
    for (let i = 0; i < 16_383; i++) health.noteSilence(String(i));
    assert.equal(health.isGivenUp('first', PORT), true);
    health.noteSilence('one more');
    assert.equal(health.isGivenUp('first', PORT), false);
  });

  it('gives up neither the ports of brokers nor one that was open', () => {
    const health = new HostHealth();
    health.noteAnswer('10.0.0.1', 2000);
    for (let i = 0; i < 40; i++) health.noteSilence('10.0.0.1');
    const givenUp = [1883, 8883, 2000, 2001].filter((port) => health.isGivenUp('10.0.0.1', port));
    assert.deepEqual(givenUp, [2001]);
  });
});
