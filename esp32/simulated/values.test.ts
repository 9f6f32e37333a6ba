import assert from 'node:assert/strict';
import { insecurePublications, securePublications } from './payloads';
import { dhtAt, ldrAt, pirAt } from './values';

const SEEDS = [0, 1, -7, 2 ** 31, 12345];
const TICKS = Array.from({ length: 2000 }, (_, tick) => tick);
const all = <T>(read: (seed: number, tick: number) => T): T[] =>
  SEEDS.flatMap((seed) => TICKS.map((tick) => read(seed, tick)));

describe('simulated readings', () => {
  it('stay within what the sensors measure', () => {
    for (const { tempC, humPct } of all(dhtAt)) {
      assert.ok(tempC >= 24 && tempC <= 38, `${tempC} °C`);
      assert.ok(humPct >= 40 && humPct <= 80, `${humPct} %`);
    }
    for (const { raw, pct } of all(ldrAt)) {
      assert.ok(Number.isInteger(raw) && raw >= 0 && raw <= 4095, `raw ${raw}`);
      assert.equal(pct.toFixed(1), ((raw / 4095) * 100).toFixed(1));
    }
  });

  it('use their range', () => {
    const temperatures = all(dhtAt).map(({ tempC }) => tempC);
    assert.ok(Math.max(...temperatures) - Math.min(...temperatures) > 8);
    const raws = all(ldrAt).map(({ raw }) => raw);
    assert.ok(Math.max(...raws) - Math.min(...raws) > 2500);
    const share = all(pirAt).filter((value) => value === 1).length / (SEEDS.length * TICKS.length);
    assert.ok(share > 0.2 && share < 0.5, `motion ${share}`);
  });

  it('change smoothly', () => {
    for (const tick of TICKS) {
      assert.ok(Math.abs(dhtAt(1, tick).tempC - dhtAt(1, tick + 1).tempC) <= 1.6);
    }
  });

  it('are the same for the same seed, and differ between seeds', () => {
    assert.deepEqual(
      TICKS.map((tick) => dhtAt(3, tick)),
      TICKS.map((tick) => dhtAt(3, tick)),
    );
    assert.notDeepEqual(
      TICKS.map((tick) => pirAt(3, tick)),
      TICKS.map((tick) => pirAt(4, tick)),
    );
  });
});

describe('simulated payloads', () => {
  it('are written as the firmware writes them', () => {
    for (const tick of TICKS) {
      const [dht, ldr] = securePublications(1, tick);
      const [pir] = insecurePublications(1, tick);
      assert.equal(dht?.topic, 'sensors/faris/dht_secure');
      assert.match(dht?.payload ?? '', /^\{"temp_c":\d\d\.\d,"hum_pct":\d\d\.\d\}$/);
      assert.equal(ldr?.topic, 'sensors/faris/ldr_secure');
      assert.match(ldr?.payload ?? '', /^\{"ldr_pct":\d{1,3}\.\d,"ldr_raw":\d{1,4}\}$/);
      assert.equal(pir?.topic, 'sensors/faris/pir_insecure');
      assert.match(pir?.payload ?? '', /^\{"pir":[01]\}$/);
    }
  });
});
