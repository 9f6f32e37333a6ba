import assert from 'node:assert/strict';
import { RoundTrips } from './round-trips';

function timeoutAfter(samples: readonly number[], address = '10.0.0.1'): number {
  const trips = new RoundTrips();
  for (const ms of samples) trips.note(address, ms);
  return trips.timeoutMs('10.0.0.9', 1500);
}

const CASES: readonly (readonly [string, readonly number[], number])[] = [
  ['nothing is known', [], 1500],
  ['too little is known', new Array(7).fill(1), 1500],
  ['answers come at once', new Array(20).fill(1), 200],
  ['answers are slow', new Array(20).fill(5000), 1500],
];

describe('RoundTrips', () => {
  for (const [what, samples, expected] of CASES) {
    it(`waits ${expected} ms where ${what}`, () => assert.equal(timeoutAfter(samples), expected));
  }

  it('smooths as RFC 6298 does', () => {
    // One sample R: SRTT = R, RTTVAR = R/2; then alpha = 1/8 and beta = 1/4, eight times.
    let [smoothed, variation] = [100, 50];
    const samples = [100, 180, 90, 140, 100, 130, 95, 160, 110];
    for (const ms of samples.slice(1)) {
      variation = 0.75 * variation + 0.25 * Math.abs(smoothed - ms);
      smoothed = 0.875 * smoothed + 0.125 * ms;
    }
    assert.ok(Math.abs(timeoutAfter(samples) - (smoothed + 4 * variation)) < 1e-6);
  });

  it('keeps networks apart, of IPv6 by /64', () => {
    assert.equal(timeoutAfter(new Array(20).fill(1), '10.0.1.1'), 1500);
    const trips = new RoundTrips();
    for (let i = 1; i <= 9; i++) trips.note(`fd00::${i}`, 1);
    assert.deepEqual(
      [trips.timeoutMs('fd00::ff', 1500), trips.timeoutMs('fd00:0:0:1::1', 1500)],
      [200, 1500],
    );
  });
});
