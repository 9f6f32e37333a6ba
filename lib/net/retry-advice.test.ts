import assert from 'node:assert/strict';
import { RetryAdvice } from './retry-advice';

function times(count: number, action: () => unknown): void {
  for (let i = 0; i < count; i++) action();
}

describe('RetryAdvice', () => {
  it('tries again in a small network, answered or not', () => {
    const advice = new RetryAdvice();
    times(998, () => advice.noteSilence());
    assert.equal(advice.noteSilence(), true);
  });

  it('does not visit a large dead network twice', () => {
    const advice = new RetryAdvice();
    times(5000, () => advice.noteSilence());
    assert.equal(advice.noteSilence(), false);
  });

  it('tries again in a large network that answers', () => {
    const advice = new RetryAdvice();
    times(5000, () => advice.noteSilence());
    times(600, () => advice.noteAnswer());
    assert.equal(advice.noteSilence(), true);
  });
});
