import assert from 'node:assert/strict';
import { findMosquitto } from '../brokers/find-mosquitto';
import { RANGE } from '../brokers/range/cards';
import { type Range, startRange } from '../brokers/range/start-range';
import { RULES } from '../lib/risk';
import { findingIds } from './support/finding-ids';
import { anotherNetwork } from './support/loopback';
import { type RangeScan, scanRange } from './support/scan-range';
import { orSkip, UnavailableError } from './support/unavailable';

describe('practice range under a scan', function () {
  this.timeout(60_000);
  let range: Range | undefined;
  let scanned: RangeScan;

  before(async function () {
    await orSkip(this, async () => {
      if ((await findMosquitto()) === undefined) throw new UnavailableError('mosquitto is not installed');
    });
    range = await startRange({ network: anotherNetwork() });
    scanned = await scanRange(range.brokers, range.ca);
  });
  after(() => range?.stop());

  for (const card of RANGE) {
    it(`says of "${card.id}" what its card says, and nothing else`, () => {
      const url = range?.brokers.find((broker) => broker.card === card)?.url ?? '';
      const report = scanned.reports.get(url);
      assert.ok(report, 'it was started and scanned');
      const { outcome, level, findings } = card.expected;
      assert.deepEqual(
        { outcome: report.outcome, level: report.risk?.level, findings: findingIds(report) },
        { outcome, level, findings: [...findings].sort() },
      );
    });
  }

  it('says of the scan as a whole which two brokers have one key', () => {
    const sharing = (range?.brokers ?? []).filter(({ card }) => card.certificate === 'shared');
    const findings = scanned.summaries.flatMap((summary) => summary.findings ?? []);
    const shared = findings.filter(({ id }) => id === 'TLS-SHARED-KEY').map(({ endpoints }) => endpoints);
    assert.deepEqual(shared, [sharing.map(({ url }) => url).sort()]);
  });

  it('has a rule for each finding that a card names', () => {
    const named = new Set(RANGE.flatMap(({ expected }) => expected.findings));
    const rules = new Set(RULES.map(({ id }) => id));
    assert.deepEqual(
      [...named].filter((id) => !rules.has(id)),
      [],
    );
  });
});
