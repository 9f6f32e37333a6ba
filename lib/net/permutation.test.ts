import assert from 'node:assert/strict';
import fc from 'fast-check';
import { permutation } from './permutation';

describe('permutation', () => {
  it('visits every index exactly once, whatever the size and seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer(), (size, seed) => {
        const at = permutation(size, seed);
        const seen = new Set(Array.from({ length: size }, (_, i) => at(i)));
        assert.equal(seen.size, size);
        for (const image of seen) assert.ok(image >= 0 && image < size);
      }),
    );
  });

  it('covers a size beyond 32 bits without repeating', () => {
    const size = 2 ** 33 + 7;
    const at = permutation(size, 42);
    const images = Array.from({ length: 10_000 }, (_, i) => at(i));
    assert.equal(new Set(images).size, images.length);
    assert.ok(images.every((image) => image >= 0 && image < size));
  });

  it('spreads neighbours', () => {
    const at = permutation(65_536, 1);
    const near = Array.from({ length: 1000 }, (_, i) => Math.abs(at(i) - at(i + 1))).filter((d) => d < 256);
    assert.ok(near.length < 50, `${near.length} of 1000 neighbours stayed close`);
  });
});
