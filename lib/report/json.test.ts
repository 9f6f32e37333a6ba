import assert from 'node:assert/strict';
import { scanDocument } from './data';
import { renderJson } from './json';
import { dataOf, findingOf, plainEndpoint, textOf, tlsEndpoint } from './testing';

describe('the JSON report', () => {
  it('reads back as the scan document, odd characters included', async () => {
    const odd = plainEndpoint({
      target: 'a\nb\u2028c\rd"\\🙂',
      risk: { level: 'LOW', findings: [findingOf({ evidence: '\n  "x": [\n' })] },
    });
    for (const endpoints of [[], [odd], [plainEndpoint(), odd, tlsEndpoint()]]) {
      const data = dataOf(endpoints);
      const text = await textOf(renderJson(data, { number: 12, timezone: 'UTC' }));
      assert.deepEqual(JSON.parse(text), scanDocument(12, data));
      assert.deepEqual(Object.keys(JSON.parse(text)), ['schema', 'number', 'scan', 'summary', 'endpoints']);
    }
  });
});
