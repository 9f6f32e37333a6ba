import assert from 'node:assert/strict';
import { loginsFor } from './default-credentials';
import { DEFAULT_LOGINS } from './default-logins';

describe('DEFAULT_LOGINS', () => {
  it('names a public source for each, and none twice', () => {
    const seen = new Set<string>();
    for (const { username, password, product, products, source } of DEFAULT_LOGINS) {
      assert.match(source, /^(github\.com\/[\w-]+\/[\w-]+|docs\.[a-z]+\.[a-z]+)\b/, product);
      assert.ok(username && password && product && products.length > 0);
      seen.add(`${username}\n${password}`);
    }
    assert.equal(seen.size, DEFAULT_LOGINS.length);
  });

  for (const name of ['RabbitMQ', 'EMQX', 'NanoMQ', 'ActiveMQ', 'Artemis', 'HiveMQ', 'Moquette']) {
    it(`begins with those of ${name} where that was found`, () => {
      const own = DEFAULT_LOGINS.filter(({ products }) => products.includes(name));
      const ordered = loginsFor({ name, confidence: 1, evidence: [] });
      assert.ok(own.length > 0);
      assert.deepEqual(ordered.slice(0, own.length), own);
      assert.equal(new Set(ordered).size, DEFAULT_LOGINS.length);
    });
  }

  it('keeps its order where nothing was found', () => {
    assert.deepEqual(loginsFor(undefined), DEFAULT_LOGINS);
  });
});
