import { testCanvas } from './editor/canvas';
import { testDialogs } from './editor/dialogs';
import { type Browser, startBrowser } from './support/browser';
import { NODE_RED_VERSIONS, type Runtime, startNodeRed } from './support/node-red-runtime';
import { orSkip } from './support/unavailable';

describe('the editor in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async function () {
    browser = await orSkip(this, startBrowser);
  });

  after(() => browser?.close());

  for (const version of NODE_RED_VERSIONS) {
    describe(`of Node-RED ${version}`, () => {
      let runtime: Runtime;

      before(async function () {
        this.timeout(240_000);
        runtime = await orSkip(this, () => startNodeRed({ version }));
      });

      after(() => runtime?.stop());

      testDialogs(() => ({ browser, runtime }));
      testCanvas(() => ({ browser, runtime }));
    });
  }
});
