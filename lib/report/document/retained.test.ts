import assert from 'node:assert/strict';
import type { RetainedResult } from '../../model';
import { retainedPart } from './retained';

const result = (parts: Partial<RetainedResult>): RetainedResult => ({
  dryRun: false,
  filters: [{ filter: '#', granted: true, code: 0 }],
  found: 3,
  cleared: 2,
  remaining: 1,
  messages: [{ topic: 'a/[redacted]', bytes: 4, outcome: 'remains', redacted: true }],
  capped: false,
  ...parts,
});
const words = (parts: Partial<RetainedResult>): string => JSON.stringify([...retainedPart(result(parts))]);

describe('the part of a report about retained messages', () => {
  it('says what was cleared and what is there still', () =>
    assert.match(words({}), /3 retained messages: 2 cleared, 1 still there/));
  it('says of a dry run that nothing was cleared', () =>
    assert.match(words({ dryRun: true, cleared: 0, remaining: 3 }), /listed only, nothing cleared/));
  it('claims nothing where the broker left before that was looked up', () => {
    const { remaining: _, ...unknown } = result({ reason: 'connection reset' });
    const text = JSON.stringify([...retainedPart(unknown)]);
    assert.match(text, /how many were cleared is not known.*connection reset/);
  });
});
