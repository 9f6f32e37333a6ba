import assert from 'node:assert/strict';
import { isBrokerTopic, isSensorTopic, loginCheck } from './access';

describe('access to the secure broker', () => {
  const check = loginCheck({ username: 'labuser', password: 'labpass' });

  it('accepts the login and nothing else', () => {
    assert.equal(check('labuser', Buffer.from('labpass')), 0);
    assert.equal(check('labuser', Buffer.from('labpas')), 4);
    assert.equal(check('labuser', undefined), 4);
    assert.equal(check('other', Buffer.from('labpass')), 4);
    assert.equal(check(undefined, undefined), 5);
    assert.equal(check(undefined, Buffer.from('labpass')), 5);
  });

  it('covers sensors/# and no look-alikes', () => {
    assert.ok(['sensors', 'sensors/', 'sensors/a/b'].every(isSensorTopic));
    assert.ok(!['sensorsx', '/sensors/a', '$SYS/sensors', 'Sensors/a'].some(isSensorTopic));
  });

  it("knows the broker's own topics", () => {
    assert.equal(isBrokerTopic('$SYS/x'), true);
    assert.equal(isBrokerTopic('$anything'), true);
    assert.equal(isBrokerTopic('a/$SYS'), false);
  });
});
