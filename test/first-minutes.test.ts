import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedLab } from '../brokers/embedded';
import type { Lab } from '../brokers/lab-types';
import { type Browser, openPage, startBrowser } from './support/browser';
import { NODE_RED_VERSIONS, type Runtime, startNodeRed } from './support/node-red-runtime';
import { packedPackage } from './support/packed-package';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip, UnavailableError } from './support/unavailable';

const EXAMPLE = '01 - Scan MQTT brokers';
const WITHIN_MS = 120_000;

/** The way of somebody who has a Node-RED and the packed file, in the editor, as he would go it. */
describe('the first five minutes', function () {
  this.timeout(300_000);
  let browser: Browser;
  let lab: Lab;
  let labFolder: string;

  before(async function () {
    browser = await orSkip(this, startBrowser);
    labFolder = await temporaryFolder('lab');
    lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: labFolder, intervalMs: 500 });
  });

  after(async () => {
    await browser?.close();
    await lab?.stop();
    if (labFolder) await removeFolder(labFolder);
  });

  for (const version of NODE_RED_VERSIONS) {
    it(`lead from the packed file to a report in Node-RED ${version}`, async function () {
      const { tarball } = await packedPackage();
      const runtime = await orSkip(this, () => startNodeRed({ version, palette: 'open' }));
      const times: string[] = [];
      let last = Date.now();
      const step = (name: string): void => {
        times.push(`${name} ${((Date.now() - last) / 1000).toFixed(1)} s`);
        last = Date.now();
      };
      try {
        const { page, errors } = await openPage(browser, runtime.adminUrl);
        page.setDefaultTimeout(15_000);
        await page.waitForFunction(
          'window.RED && RED.palette && document.querySelector(\'[data-palette-type="inject"]\')',
        );
        step('editor');

        await orSkip(this, () => install(runtime, tarball));
        step('install');
        await page.locator('[data-palette-type="report-out"]').waitFor({ timeout: 20_000 });
        step('palette');

        await page.evaluate("RED.actions.invoke('core:show-import-dialog')");
        await page.locator('.red-ui-tabs-vertical').getByText('Examples').click();
        for (const entry of ['node-red-contrib-mqtt-scanner', EXAMPLE]) {
          await page.locator('#red-ui-clipboard-dialog').getByText(entry).last().click();
        }
        await page.locator('#red-ui-clipboard-dialog-ok').click();
        await page.waitForFunction("RED.nodes.filterNodes({ type: 'report-out' }).length === 1");
        const invalid = await page.evaluate(
          'RED.nodes.filterNodes({}).filter(({ valid }) => valid === false).map(({ type }) => type)',
        );
        assert.deepEqual(invalid, [], 'the example needs no setting');
        step('import');

        // The lab has no ports of its own here, so they are set as a user would set them.
        await page.evaluate("RED.editor.edit(RED.nodes.filterNodes({ type: 'mqtt-probe' })[0])");
        await page.getByLabel('Ports', { exact: true }).fill(`${lab.insecure.port}, ${lab.secure.port}`);
        await page.locator('#node-dialog-ok').click();
        await page.locator('#red-ui-header-button-deploy').click();
        await page.waitForFunction('!RED.nodes.dirty()');
        step('deploy');

        await page.locator('.red-ui-tab').getByText('MQTT security scan').click();
        const button = await page.evaluate(
          "RED.nodes.filterNodes({ type: 'inject' }).find(({ name }) => name === 'Scan this machine').id",
        );
        await page.locator(`[id="${button}"] .red-ui-flow-node-button-button`).click();
        const pdf = await report(runtime);
        step('report');

        await page.evaluate("RED.actions.invoke('core:show-debug-tab')");
        await page.locator('.red-ui-debug-msg').filter({ hasText: 'mqtt_scan_report_001.pdf' }).waitFor();
        step('its place is shown');
        assert.equal((await readFile(pdf)).subarray(0, 5).toString(), '%PDF-');
        const text = await page.locator('.red-ui-notification').allInnerTexts();
        console.log(`        ${times.join(', ')}; ${basename(pdf)}; notices: ${JSON.stringify(text)}`);
        const ours = /mqtt-s|scan|report/i;
        assert.deepEqual(
          runtime
            .log()
            .split('\n')
            .filter((line) => /\[(error|warn)\]/.test(line) && ours.test(line)),
          [],
        );
        assert.deepEqual(errors, []);
        await page.context().close();
      } finally {
        await runtime.stop();
      }
    });
  }
});

/** Uploads the file as the palette manager does. */
async function install(runtime: Runtime, tarball: string): Promise<void> {
  const form = new FormData();
  form.append(
    'tarball',
    new Blob([await readFile(tarball)], { type: 'application/gzip' }),
    basename(tarball),
  );
  const response = await fetch(`${runtime.adminUrl}/nodes`, { method: 'POST', body: form });
  const answer = await response.text();
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(runtime.log())) {
    throw new UnavailableError('npm could not fetch what the package depends on.');
  }
  assert.equal(response.status, 200, answer);
}

/** Waits for the PDF report of the first scan. */
async function report({ userDir }: Runtime): Promise<string> {
  const path = `${userDir}/mqtt-scan-reports/mqtt_scan_report_001.pdf`;
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const isThere = await readFile(path).then(
      ({ length }) => length > 0,
      () => false,
    );
    if (isThere) return path;
    assert.ok(Date.now() < deadline, 'no report was written');
    await delay(50);
  }
}
