import assert from 'node:assert/strict';
import type { LoginOutcome, ProtocolVersion } from '../model';
import { countsAsFailure, isStopSign, outcomeOf, verdictOf } from './outcomes';

describe('outcomeOf', () => {
  const cases: readonly (readonly [
    code: number,
    version: ProtocolVersion,
    outcome: LoginOutcome,
    verdict: string,
  ])[] = [
    [0, 3, 'accepted', 'accepted'],
    [1, 4, 'version-refused', 'inconclusive'],
    [2, 4, 'identifier-rejected', 'inconclusive'],
    [3, 4, 'server-unavailable', 'inconclusive'],
    [4, 4, 'bad-login', 'refused'],
    [5, 4, 'not-authorised', 'refused'],
    [0x87, 4, 'not-authorised', 'refused'],
    [6, 4, 'other', 'inconclusive'],
    [0, 5, 'accepted', 'accepted'],
    [0x80, 5, 'other', 'inconclusive'],
    [0x86, 5, 'bad-login', 'refused'],
    [0x8a, 5, 'banned', 'inconclusive'],
    [0x8c, 5, 'bad-authentication-method', 'refused'],
    [0x97, 5, 'quota-exceeded', 'inconclusive'],
    [0x9c, 5, 'use-another-server', 'inconclusive'],
    [0x9d, 5, 'server-moved', 'inconclusive'],
    [0x9f, 5, 'rate-exceeded', 'inconclusive'],
  ];
  for (const [code, protocolVersion, outcome, verdict] of cases) {
    it(`0x${code.toString(16)} in version ${protocolVersion} is ${outcome}, ${verdict}`, () => {
      assert.equal(outcomeOf({ code, protocolVersion }), outcome);
      assert.equal(verdictOf(outcome), verdict);
    });
  }

  it('knows what brokers count, and what ends all trying', () => {
    assert.ok(countsAsFailure('bad-login') && countsAsFailure('not-authorised') && countsAsFailure('closed'));
    assert.ok(!countsAsFailure('bad-authentication-method') && !countsAsFailure('accepted'));
    assert.ok(isStopSign('banned') && isStopSign('quota-exceeded') && isStopSign('rate-exceeded'));
    assert.ok(!isStopSign('not-authorised'));
  });
});
