import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BrokenJson, JsonParts } from './json-parts';

/** What is taken apart, put together again. */
function rebuilt(
  text: string,
  cuts: readonly number[] = [],
): { properties: object; elements: unknown[]; isComplete: boolean } {
  const parts = new JsonParts('endpoints');
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  const all = places.slice(1).flatMap((end, i) => parts.push(text.slice(places[i], end)));
  return {
    properties: Object.fromEntries(
      all.filter(({ isElement }) => !isElement).map(({ key, text: value }) => [key, JSON.parse(value)]),
    ),
    elements: all.filter(({ isElement }) => isElement).map(({ text: value }) => JSON.parse(value)),
    isComplete: parts.isComplete,
  };
}

describe('JsonParts', () => {
  it('gives every property and every element, wherever the text is cut and however it is laid out', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => key !== 'endpoints' && key !== '__proto__'),
          fc.jsonValue(),
        ),
        fc.array(fc.jsonValue()),
        fc.array(fc.nat()),
        fc.constantFrom(undefined, 2),
        (properties, endpoints, cuts, indent) => {
          const text = JSON.stringify({ ...properties, endpoints }, null, indent);
          const found = rebuilt(text, cuts);
          assert.deepEqual(found.elements, JSON.parse(JSON.stringify(endpoints)));
          assert.deepEqual(found.properties, JSON.parse(JSON.stringify(properties)));
          assert.ok(found.isComplete);
        },
      ),
    );
  });

  it('never throws anything but BrokenJson, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ':', ',', 'a', ' ') }),
        (text) => {
          try {
            new JsonParts('endpoints').push(text);
          } catch (thrown) {
            assert.ok(thrown instanceof BrokenJson, String(thrown));
          }
        },
      ),
    );
  });

  it('is not complete when the end is missing', () => {
    assert.equal(rebuilt('{"a": 1, "endpoints": [{}, {}').isComplete, false);
  });

  it('does not take a list of the same name further in for its own', () => {
    const found = rebuilt('{"summary":{"endpoints":[1,2]},"endpoints":[3]}');
    assert.deepEqual(found.elements, [3]);
    assert.deepEqual(found.properties, { summary: { endpoints: [1, 2] } });
  });

  for (const text of ['[1]', '"a"', '{}}', '{"a":1}{"b":2}']) {
    it(`refuses ${text}`, () => assert.throws(() => rebuilt(text), BrokenJson));
  }

  it('keeps no more than one value, and no value without end', () => {
    const parts = new JsonParts('endpoints');
    parts.push('{"endpoints":["');
    const mebibyte = 'x'.repeat(1024 * 1024);
    assert.throws(() => {
      for (let i = 0; i < 17; i++) parts.push(mebibyte);
    }, BrokenJson);
  });
});
