import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { renderCsv } from './csv';
import { csvCell } from './csv-cell';
import { dataOf, plainEndpoint, sensorOf, textOf, tlsEndpoint, topicOf, trafficOf } from './testing';

const OPTIONS = { number: 1, timezone: 'Asia/Kuala_Lumpur' };
const HEADER =
  'Scan Date,Target IP,Port,Protocol,Topic,Sensor Type,Sensor Data (Summary),Raw Payload,Status,Risk Level,Message Count';

/** Read by a parser that has nothing to do with what writes. */
function parseCsv(text: string): string[][] {
  assert.ok(text.startsWith('\uFEFF'));
  assert.ok(text.endsWith('\r\n'));
  return parse(text, { bom: true, record_delimiter: '\r\n' });
}

describe('the CSV report', () => {
  it('is exactly the text that was agreed', async () => {
    const text = await textOf(renderCsv(dataOf([plainEndpoint(), tlsEndpoint()]), OPTIONS));
    assert.equal(
      text,
      [
        `\uFEFF${HEADER}`,
        '"12/9/2025, 1:22:13 AM","192.168.100.56","1883","MQTT (Plain)","sensors/faris/pir_insecure","PIR (Motion Sensor)","Motion","{""pir"":1}","Open / OK","CRITICAL","1"',
        '"12/9/2025, 1:22:13 AM","192.168.100.56","8883","MQTT over TLS","sensors/faris/dht_secure","DHT (Temp & Hum)","31.5C; 56%","{""temp_c"":31.5,""hum_pct"":56.0}","Open / OK","LOW","1"',
        '',
      ].join('\r\n'),
    );
  });

  it('has one row with empty, quoted topic fields where no application topic was seen', async () => {
    const { risk: _, traffic: __, ...bare } = plainEndpoint({ outcome: 'closed' });
    const status = { ...bare, ...trafficOf([topicOf('$SYS/broker/uptime', '1')]) };
    const row =
      '"12/9/2025, 1:22:13 AM","192.168.100.56","1883","MQTT (Plain)","","","","","Closed / Refused","","0"';
    assert.equal(
      await textOf(renderCsv(dataOf([bare, status]), OPTIONS)),
      `\uFEFF${[HEADER, row, row].join('\r\n')}\r\n`,
    );
  });

  it('says of a payload that only its beginning was kept', async () => {
    const endpoint = plainEndpoint(trafficOf([{ ...topicOf('t', 'abc…'), truncated: true }]));
    assert.equal(
      parseCsv(await textOf(renderCsv(dataOf([endpoint]), OPTIONS)))[1]?.[7],
      'abc… (beginning only)',
    );
  });

  it('gives every field back, whatever the target sent, and starts none as a formula', async () => {
    const part = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      '\0',
      '＝',
      '＋',
      '－',
      '＠',
      ' ',
      '\u00a0',
    );
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', "'", ';', '=', 'a', '1', '.', '-') }),
      fc.tuple(fc.array(part, { maxLength: 3 }), fc.string()).map(([start, rest]) => start.join('') + rest),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (payload, type, summary) => {
        const endpoint = plainEndpoint(trafficOf([topicOf('t', payload, sensorOf(type, '', summary))]));
        const [header, row, ...more] = parseCsv(await textOf(renderCsv(dataOf([endpoint]), OPTIONS)));
        assert.equal(header?.join(','), HEADER);
        assert.equal(more.length, 0);
        for (const [index, sent] of [type, summary, payload].entries()) {
          const read = row?.[5 + index] ?? 'missing';
          assert.equal(read.replaceAll("'", ''), sent.replaceAll("'", ''));
          assert.doesNotMatch(read, /;\s*[=+@＝＋－＠]/);
          const first = read.trimStart()[0] ?? '';
          const risky = /^[=+\-@＝＋－＠\0]/.test(first) || /^\s*[\t\r\n]/.test(read);
          assert.ok(!risky || Number.isFinite(Number(read)), JSON.stringify(read));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves numbers alone and disarms what only looks like one', () => {
    for (const number of ['-3.1', '5', '1e21', '-1.5E-7', '0']) assert.equal(csvCell(number), number);
    assert.equal(csvCell(-5.2), '-5.2');
    for (const formula of [
      '=1+1',
      '+1',
      '-1-1',
      '@SUM(A1)',
      ' =1',
      '\t1',
      '-1;2',
      '＝1',
      '-',
      '-3.1C; 40%',
    ]) {
      assert.equal(csvCell(formula), `'${formula}`);
    }
    assert.equal(csvCell('x;=1+1; @SUM(A1)'), "x;'=1+1; '@SUM(A1)");
    assert.equal(csvCell('a;-1+cmd|x'), "a;'-1+cmd|x");
    assert.equal(csvCell('31.5C; -4C'), '31.5C; -4C');
    for (const text of ['', 'Motion', '31.5C; 56%', '{"pir":1}', "'=1"]) assert.equal(csvCell(text), text);
  });
});
