import assert from 'node:assert/strict';
import { HostHealth } from './host-health';

describe('HostHealth', () => {
  it('gives a host up after thirty silences in a row', () => {
    const health = new HostHealth();
    for (let i = 0; i < 29; i++) health.noteSilence('10.0.0.1');
    assert.equal(health.isGivenUp('10.0.0.1'), false);
    health.noteSilence('10.0.0.1');
    assert.deepEqual([health.isGivenUp('10.0.0.1'), health.isGivenUp('10.0.0.2')], [true, false]);
  });

  it('begins anew when the host answers in between', () => {
    const health = new HostHealth();
    for (let i = 0; i < 60; i++) {
      if (i === 29) health.noteAnswer('10.0.0.1');
      else health.noteSilence('10.0.0.1');
    }
    assert.equal(health.isGivenUp('10.0.0.1'), true);
    health.noteAnswer('10.0.0.1');
    assert.equal(health.isGivenUp('10.0.0.1'), false);
  });

  it('forgets the host that it met first when there are too many', () => {
    const health = new HostHealth();
    for (let i = 0; i < 30; i++) health.noteSilence('first');
    for (let i = 0; i < 16_383; i++) health.noteSilence(String(i));
    assert.equal(health.isGivenUp('first'), true);
    health.noteSilence('one more');
    assert.equal(health.isGivenUp('first'), false);
  });
});
