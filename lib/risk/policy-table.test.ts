import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ScanError } from '../model';
import { classify } from './classify';
import { policyInfo, policyNamed } from './policy';
import { muteFor, readPolicy } from './policy-table';
import { open, secure } from './testing';
import { compareVersions, isInRange, parseVersion } from './version';

const stranger = secure({ auth: open() });
const mute = { rule: 'AUTH-ANON', endpoints: ['10.0.0.1:8883'], reason: 'known', until: '2027-03-31' };
const MUTED = JSON.stringify({ mute: [mute] });

describe('a user’s own table', () => {
  it('is the named policy when it is empty', () => {
    assert.equal(readPolicy('  ', 'default'), policyNamed('default'));
    assert.equal(readPolicy('{}', 'cvss'), policyNamed('cvss'));
  });

  it('sets severities, and switches rules off', () => {
    const policy = readPolicy('{"severities":{"AUTH-ANON":"CRITICAL","INFO-VERSION":"OFF"}}', 'default');
    const { level, findings } = classify(stranger, policy);
    assert.equal(level, 'CRITICAL');
    assert.ok(!findings.some(({ id }) => id === 'INFO-VERSION'));
  });

  it('holds where a table would weigh less what only the login sees', () => {
    const policy = readPolicy('{"severities":{"INFO-VERSION":"HIGH"}}', 'default');
    assert.equal(classify(secure(), policy).level, 'HIGH');
  });

  it('silences a rule at an endpoint up to its last day, and says so', () => {
    const policy = readPolicy(MUTED, 'default');
    const silent = classify(stranger, policy, '2027-03-31T23:59:59.000Z');
    assert.ok(!silent.findings.some(({ id }) => id === 'AUTH-ANON'));
    assert.deepEqual(
      silent.muted?.map(({ id, reason, until }) => [id, reason, until]),
      [['AUTH-ANON', 'known', '2027-03-31']],
    );
    assert.equal(silent.level, 'LOW');
    const loud = classify(stranger, policy, '2027-04-01T00:00:00.000Z');
    assert.deepEqual([loud.level, loud.muted], ['HIGH', undefined]);
  });

  const places: readonly (readonly [string, boolean])[] = [
    ['10.0.0.1', true],
    ['10.0.0.1:8883', true],
    ['10.0.0.1:1883', false],
    ['broker', true],
    ['broker:8883', true],
    ['mqtts://10.0.0.1:8883', true],
    ['10.0.0.0/24', true],
    ['10.1.0.0/24', false],
    ['10.0.0.0/99', false],
    ['*', true],
    ['10.0.0.11', false],
  ];
  for (const [entry, isMeant] of places) {
    it(`${isMeant ? 'means' : 'does not mean'} mqtts://10.0.0.1:8883 by ${entry}`, () => {
      const found = muteFor('AUTH-ANON', stranger, [{ ...mute, endpoints: [entry] }], '2026-11-24');
      assert.equal(found !== undefined, isMeant);
    });
  }

  it('is written into the report', () => {
    const info = policyInfo(
      readPolicy(
        `{"name":"plant","severities":{"AUTH-ANON":"LOW"},"mute":[${JSON.stringify(mute)}]}`,
        'default',
      ),
    );
    assert.equal(info.name, 'plant');
    assert.equal(info.base, 'default');
    assert.deepEqual(info.overrides, { 'AUTH-ANON': 'LOW' });
    assert.deepEqual(info.mutes, [mute]);
    assert.match(info.advisoriesOf, /^\d{4}-\d{2}-\d{2}$/);
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['{', /no valid JSON/],
    ['[]', /it must be an object/],
    ['{"severity":{}}', /"severity" is not known/],
    ['{"base":"mine"}', /known policies are default, cvss/],
    ['{"severities":{"NO-SUCH":"LOW"}}', /no rule "NO-SUCH"/],
    ['{"severities":{"AUTH-ANON":"high"}}', /must be one of CRITICAL/],
    ['{"severities":{"__proto__":"LOW"}}', /no rule "__proto__"/],
    ['{"mute":{}}', /mute must be a list/],
    ['{"mute":[{}]}', /mute\[0\]\.rule must be a text/],
    [MUTED.replace('known', ' '), /mute\[0\]\.reason must be a text/],
    [MUTED.replace('2027-03-31', '2027-02-30'), /mute\[0\]\.until must be a day/],
    [MUTED.replace('["10.0.0.1:8883"]', '[]'), /mute\[0\]\.endpoints must be a list/],
    [MUTED.replace('"rule"', '"extra":1,"rule"'), /mute\[0\]\.extra is not known/],
  ];
  for (const [text, reason] of wrong) {
    it(`is refused when it is ${text.slice(0, 50)}`, () => {
      assert.throws(
        () => readPolicy(text, 'default'),
        (thrown: unknown) =>
          thrown instanceof ScanError && thrown.code === 'BAD_OPTION' && reason.test(thrown.message),
      );
    });
  }

  it('is read or refused, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          readPolicy(JSON.stringify(value), 'default');
        } catch (thrown) {
          assert.ok(thrown instanceof ScanError);
        }
      }),
    );
  });
});

describe('versions', () => {
  it('are compared as numbers', () => {
    const compare = (a: string, b: string) =>
      Math.sign(compareVersions(parseVersion(a) ?? [], parseVersion(b) ?? []));
    assert.equal(compare('2.0.7', '2.0.10'), -1);
    assert.equal(compare('2.0.11-1+deb12u2', '2.0.11'), 0);
    assert.equal(compare('v5.8', '5.8.0'), 0);
    assert.equal(parseVersion('unknown'), undefined);
  });

  it('lie in ranges with their ends', () => {
    const inRange = (version: string, range: object) => isInRange(parseVersion(version) ?? [], range);
    assert.deepEqual(
      ['1.4', '1.5', '1.5.8', '1.5.9'].map((version) => inRange(version, { from: '1.5', fixed: '1.5.9' })),
      [false, true, true, false],
    );
    assert.deepEqual(
      ['2.0.7', '2.0.10'].map((version) => inRange(version, { last: '2.0.7' })),
      [true, false],
    );
  });
});
