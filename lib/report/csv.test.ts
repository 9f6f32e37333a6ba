import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderCsv } from './csv';
import { csvCell } from './csv-cell';
import { dataOf, plainEndpoint, sensorOf, textOf, tlsEndpoint, topicOf, trafficOf } from './testing';

const OPTIONS = { number: 1, timezone: 'Asia/Kuala_Lumpur' };
const HEADER =
  'Scan Date,Target IP,Port,Protocol,Topic,Sensor Type,Sensor Data (Summary),Raw Payload,Status,Risk Level,Message Count';

/** RFC 4180, written from the grammar and without the library that writes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        for (at += 1; ; at += 1) {
          assert.ok(at < text.length, 'a quoted field ends');
          if (text[at] !== '"') field += text[at];
          else if (text[at + 1] === '"') {
            field += '"';
            at += 1;
          } else break;
        }
        at += 1;
      } else {
        while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
          field += text[at];
          at += 1;
        }
      }
      row.push(field);
      if (text[at] !== ',') break;
      at += 1;
    }
    assert.equal(text.slice(at, at + 2), '\r\n');
    at += 2;
    rows.push(row);
  }
  return rows;
}

describe('the CSV report', () => {
  it('is exactly the text that was agreed', async () => {
    const text = await textOf(renderCsv(dataOf([plainEndpoint(), tlsEndpoint()]), OPTIONS));
    assert.equal(
      text,
      [
        HEADER,
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
      `${[HEADER, row, row].join('\r\n')}\r\n`,
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
          assert.ok(read === sent || read === `'${sent}`);
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
    for (const text of ['', 'Motion', '31.5C; 56%', '{"pir":1}', "'=1"]) assert.equal(csvCell(text), text);
  });
});
