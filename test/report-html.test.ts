import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeReport } from '../lib/report';
import { dataOf, plainEndpoint, richEndpoint, richSummary, tlsEndpoint } from '../lib/report/testing';
import { type Browser, type OpenPage, openPage, startBrowser } from './support/browser';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip } from './support/unavailable';

describe('the HTML report in a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let directory: string;
  let url: string;

  before(async function () {
    browser = await orSkip(this, startBrowser);
    directory = await temporaryFolder('html');
    const data = dataOf([tlsEndpoint(), plainEndpoint(), richEndpoint()], richSummary());
    const options = { directory, basename: 'r', formats: ['html'] as const, timezone: 'Asia/Kuala_Lumpur' };
    const { files } = await writeReport(data, options);
    url = pathToFileURL(path.join(directory, files[0]?.name ?? '')).href;
  });

  after(async () => {
    await browser?.close();
    if (directory) await removeFolder(directory);
  });

  for (const width of [360, 768, 1440]) {
    it(`does not scroll sideways at ${width} px`, async () => {
      const { page, errors } = await openPage(browser, url, { width });
      const [content, visible] = (await page.evaluate(
        '[document.documentElement.scrollWidth, innerWidth]',
      )) as number[];
      assert.equal(content, visible);
      await close({ page, errors });
    });
  }

  it('breaks no title of a column inside a word', async () => {
    const { page, errors } = await openPage(browser, url, { width: 360 });
    const broken = await page.evaluate(`[...document.querySelectorAll('.wide th')].flatMap((cell) => {
      const text = cell.firstChild;
      return [...text.data.matchAll(/\\S+/g)].filter(({ index, 0: word }) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return range.getClientRects().length > 1;
      }).map(([word]) => word);
    })`);
    assert.deepEqual(broken, []);
    await close({ page, errors });
  });

  it('has no serious accessibility problem', async () => {
    const { page, errors } = await openPage(browser, url);
    // The policy of the page forbids scripts in it, not those of the browser's own tools.
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const found = await page.evaluate(`axe.run().then(({ violations }) =>
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`);
    assert.deepEqual(found, []);
    await close({ page, errors });
  });
});

async function close({ page, errors }: OpenPage): Promise<void> {
  await page.context().close();
  assert.deepEqual(errors, []);
}
