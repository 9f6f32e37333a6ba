import assert from 'node:assert/strict';
import { MosquittoMissingError } from './errors';
import { describeLab } from './lab-suite';
import { findMosquitto, startMosquittoLab } from './mosquitto';

describe('mosquitto lab', () => {
  before(async function () {
    if ((await findMosquitto()) !== undefined) return;
    // Where it is left out unseen, the configuration of the containers would no longer be tested at all.
    if (process.env.CI === 'true') throw new MosquittoMissingError();
    console.error('SKIPPED: the Mosquitto lab is not tested, because mosquitto is not installed.');
    this.skip();
  });

  describeLab(startMosquittoLab);

  it('is found by its absolute path', async () => {
    assert.match((await findMosquitto()) ?? '', /mosquitto(\.exe)?$/);
  });
});
