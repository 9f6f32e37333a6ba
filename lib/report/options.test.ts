import assert from 'node:assert/strict';
import { ScanError } from '../model';
import { formatDuration } from './dates';
import { assertTimezone, formatScanDate, isReportName, parseFormats } from './index';
import { assertBasename } from './names';

function hasCode(code: string): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof ScanError && thrown.code === code;
}

describe('report options', () => {
  it('reads lists of formats', () => {
    assert.deepEqual(parseFormats('pdf,csv,json'), ['pdf', 'csv', 'json']);
    assert.deepEqual(parseFormats(' CSV  pdf, csv '), ['csv', 'pdf']);
    assert.throws(() => parseFormats('pdf, docx'), hasCode('REPORT_FORMAT'));
    assert.throws(() => parseFormats(' , '), hasCode('REPORT_FORMAT'));
  });

  it('knows time zones', () => {
    assertTimezone('Asia/Kuala_Lumpur');
    for (const name of ['', 'Asia/Nowhere', 'Mars']) {
      assert.throws(() => assertTimezone(name), hasCode('BAD_TIMEZONE'));
    }
  });

  it('writes times in the zone, and durations in words', () => {
    assert.equal(formatScanDate('2025-12-08T17:22:13.000Z', 'Asia/Kuala_Lumpur'), '12/9/2025, 1:22:13 AM');
    assert.equal(formatScanDate('2025-12-08T12:00:00.000Z', 'UTC'), '12/8/2025, 12:00:00 PM');
    assert.equal(formatScanDate('once', 'UTC'), 'once');
    const from = '2025-01-01T00:00:00.000Z';
    assert.equal(formatDuration(from, '2025-01-01T00:00:00.850Z'), '850 ms');
    assert.equal(formatDuration(from, '2025-01-01T00:00:12.340Z'), '12.3 s');
    assert.equal(formatDuration(from, '2025-01-01T00:02:05.000Z'), '2 min 5 s');
    assert.equal(formatDuration(from, '2025-01-01T01:02:05.000Z'), '1 h 2 min');
  });

  it('takes only base names that stay in their folder', () => {
    for (const name of ['mqtt_scan_report', 'a', 'A-1.b', 'x'.repeat(64)]) assertBasename(name);
    for (const name of ['', '.a', '../a', 'a/b', 'a\\b', 'a b', 'a\n', 'é', 'x'.repeat(65), 'a\0']) {
      assert.throws(() => assertBasename(name), hasCode('BAD_OPTION'));
    }
  });

  it('recognises exactly its own file names', () => {
    for (const name of ['r_001.pdf', 'r_999.csv', 'r_1000.json']) assert.ok(isReportName(name, 'r'), name);
    for (const name of [
      'r_000.pdf',
      'r_01.pdf',
      'r_0001.pdf',
      'r_001.exe',
      'r_001.PDF',
      'r_001.pdf ',
      'r_001.pdf\n',
      'r_001.pdf.tmp',
      '.r_001.claim',
      'q_001.pdf',
      'x/r_001.pdf',
      '../r_001.pdf',
      'r_001.constructor',
      'r_9999999999.pdf',
    ]) {
      assert.ok(!isReportName(name, 'r'), name);
    }
    assert.ok(!isReportName('a*_001.pdf', 'a*'));
  });
});
