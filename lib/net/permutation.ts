/**
 * A fixed shuffle of 0 … size-1 that needs no memory: a four-round Feistel network over the next even number
 * of bits, walked until it falls inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
 * Neighbouring indexes end up far apart, so that a scan does not press on one subnet at a time.
 *
 * @param size 1 … 2^52
 * @param seed any 32-bit number; the same seed gives the same order
 */
export function permutation(size: number, seed: number): (index: number) => number {
  const halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
  const half = 2 ** halfBits;
  const keys = [1, 2, 3, 4].map((round) => mix(seed ^ Math.imul(round, 0x9e3779b1)));
  const encrypt = (index: number): number => {
    let left = Math.floor(index / half);
    let right = index % half;
    for (const key of keys) [left, right] = [right, (left ^ (mix(right ^ key) % half)) >>> 0];
    return left * half + right;
  };
  return (index) => {
    let image = encrypt(index);
    while (image >= size) image = encrypt(image);
    return image;
  };
}

/** Mixes 32 bits so that each depends on all (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
