import assert from 'node:assert/strict';
import { ScanError } from '../model';
import { type ScanOptions, scan } from './scan';

/** What a scan is refused with before anything is sent. */
async function refusal(targets: unknown, options: object = {}): Promise<ScanError> {
  try {
    await scan(targets as string, options as ScanOptions).next();
  } catch (thrown) {
    assert.ok(thrown instanceof ScanError, String(thrown));
    return thrown;
  }
  throw new assert.AssertionError({ message: 'the scan was started' });
}

describe('scan() refuses', () => {
  for (const options of [
    { window: 0 },
    { window: 1.5 },
    { window: Number.NaN },
    { rate: -1 },
    { rate: Number.POSITIVE_INFINITY },
    { connectTimeoutMs: 1 },
    { phaseTimeoutMs: '5000' },
    { listen: { listenMs: -1 } },
    { listen: { maxTopics: 1e9 } },
    { auth: { maxAttempts: 0 } },
    { auth: { maxRefusals: -1 } },
    { tlsOptions: { expiryDays: -1 } },
    { credentials: { username: 'u'.repeat(65_536), password: '' } },
    { credentials: { username: 'u', password: 5 } },
  ]) {
    const text = JSON.stringify(options).slice(0, 60);
    it(text, async () => {
      const { code, message } = await refusal('127.0.0.1:1', options);
      assert.equal(code, 'BAD_OPTION');
      assert.ok(message.length < 200, message);
    });
  }

  for (const [name, targets, code, reason] of [
    ['nothing', null, 'NO_TARGET', /No target/],
    ['a number', 5, 'BAD_TARGET', /a text or a list of texts/],
    ['a list with nothing in it', [null], 'BAD_TARGET', /a text or a list of texts/],
    ['what is excluded itself', '127.0.0.1, !127.0.0.0/8', 'NO_TARGET', /excluded/],
    ['a transport behind a port', '127.0.0.1:9001/ws', 'BAD_TARGET', /ws:\/\/host:9001/],
    ['a range of ports', '127.0.0.1:1883-1885', 'BAD_TARGET', /list of ports/],
  ] as const) {
    it(name, async () => {
      const error = await refusal(targets);
      assert.equal(error.code, code);
      assert.match(error.message, reason);
    });
  }
});
