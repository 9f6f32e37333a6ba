import assert from 'node:assert/strict';
import { cborAsJson, isCbor } from './cbor';
import { Facts } from './facts';
import { Message } from './message';
import { sensorIn } from './sensors';

/** RFC 8949 Appendix A, and what devices send. */
const TABLE: readonly (readonly [hex: string, json: string | undefined])[] = [
  ['a201020304', '{"1":2,"3":4}'],
  ['a26161016162820203', '{"a":1,"b":[2,3]}'],
  ['826161a161626163', '["a",{"b":"c"}]'],
  ['bf61610161629f0203ffff', '{"a":1,"b":[2,3]}'],
  ['bf6346756ef563416d7421ff', '{"Fun":true,"Amt":-2}'],
  ['a16174f94d60', '{"t":21.5}'],
  ['a16174fa41ac0000', '{"t":21.5}'],
  ['a16174fb4035800000000000', '{"t":21.5}'],
  ['83f4f6f7', '[false,null,null]'],
  ['81f97e00', '[null]'],
  ['d9d9f7a16174181e', '{"t":30}'],
  ['a1616b4401020304', '{"k":"01020304"}'],
  ['a1616b65c3a4225c0a', '{"k":"ä\\"\\\\\\n"}'],
  ['a0', undefined],
  ['a1616174', undefined],
  ['a161745f', undefined],
  ['a18001', undefined],
  ['a161611bffffffffffffff', undefined],
  ['9a7fffffff00', undefined],
  [`${'81'.repeat(20)}00`, undefined],
];

describe('CBOR', () => {
  for (const [hex, json] of TABLE) {
    it(`${hex.slice(0, 40)} is ${json ?? 'not read'}`, () => {
      assert.equal(cborAsJson(Buffer.from(hex, 'hex')), json);
      if (json !== undefined) JSON.parse(json);
    });
  }

  it('is well formed in both readers or in none, whatever the bytes, and becomes JSON', () => {
    for (let seed = 1; seed < 4000; seed++) {
      const bytes = Buffer.from(
        Array.from({ length: 3 + (seed % 20) }, (_, i) => (seed * 7919 * (i + 1) + i * i * 104_729) >>> 3),
      );
      bytes[0] = 0x80 + (seed % 0x60);
      const text = cborAsJson(bytes);
      if (text !== undefined) {
        assert.ok(isCbor(bytes, false));
        JSON.parse(text);
      }
    }
  });

  it('that was cut off is the beginning of JSON', () => {
    const words = 'hello, this is a long one';
    const head = Buffer.from('a4617482f94d60186461681828616bf5647465787478', 'hex');
    const whole = Buffer.concat([head, Buffer.from([words.length]), Buffer.from(words)]);
    const json = cborAsJson(whole);
    assert.equal(json, `{"t":[21.5,100],"h":40,"k":true,"text":"${words}"}`);
    for (let end = 6; end < whole.length; end++) {
      const text = cborAsJson(whole.subarray(0, end), true);
      assert.ok(text !== undefined && json?.startsWith(text), `${end}: ${text}`);
    }
  });

  it('has readings as JSON has', () => {
    const bytes = Buffer.from('a26474656d7018156368756d181a', 'hex');
    const sensor = sensorIn(new Message('a/b', bytes), new Facts());
    assert.equal(sensor?.text, '21°C, 26%');
  });
});
