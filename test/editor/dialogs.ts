import assert from 'node:assert/strict';
import type { OpenPage } from '../support/browser';
import type { FlowNode } from '../support/node-red-runtime';
import { type Editing, editFlows, WRONG_FIELD } from './editing';

const NODES = [
  ...['mqtt-probe', 'tls-inspect', 'anon-auth-test', 'topic-sniffer', 'risk-classify', 'report-out'],
  'retained-clear',
];
/** A text that each language has in the dialog of a profile. */
const LANGUAGES = {
  'en-US': 'Connect timeout',
  'de-DE': 'Zeit je Schritt',
  'ms-MY': 'Profil imbasan',
} as const;
/** A key that was not found is shown as it is. */
const KEY =
  /\b(mqtt-probe|tls-inspect|anon-auth-test|topic-sniffer|risk-classify|report-out|retained-clear|mqtt-scan-profile)\.[a-zA-Z]+/;

const FLOW: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'All' },
  { id: 'profile', type: 'mqtt-scan-profile', name: '', scope: 'loopback' },
  ...NODES.map((type, i) => ({
    id: `node-${type}`,
    type,
    z: 'tab',
    profile: 'profile',
    x: 200,
    y: 60 + 60 * i,
    wires: [],
  })),
];

/** Dialogs are opened in every language, with right and wrong values. */
export function testDialogs(editing: () => Editing): void {
  for (const [language, expected] of Object.entries(LANGUAGES)) {
    it(`shows every text in ${language}`, async () => {
      const opened = await editFlows(editing(), FLOW, language);
      const { page } = opened;
      let shown = '';
      for (const type of NODES) {
        await page.evaluate(`RED.editor.edit(RED.nodes.node('node-${type}'))`);
        shown += await page.locator('.red-ui-editor .form-row').first().locator('xpath=../..').textContent();
        await closeDialog(opened);
      }
      await editProfile(opened);
      shown += await page.locator('.mqtt-scan-profile-form').textContent();
      const labels = await page.evaluate(
        `${JSON.stringify(NODES)}.map((type) => [RED.utils.getNodeLabel(RED.nodes.node('node-' + type)),
              document.querySelector('[data-palette-type="' + type + '"]').innerText].join(' ')).join('\\n')`,
      );
      shown += String(labels);
      assert.doesNotMatch(shown, KEY);
      assert.ok(shown.includes(expected), shown);
      await finish(opened);
    });
  }

  it('marks what cannot be right, and tests a profile', async () => {
    const opened = await editFlows(editing(), FLOW);
    const { page } = opened;
    await page.evaluate("RED.editor.edit(RED.nodes.node('node-mqtt-probe'))");
    const ports = page.getByLabel('Ports', { exact: true });
    await ports.fill('99999');
    await page.keyboard.press('Tab');
    await page.locator(WRONG_FIELD).waitFor();
    await ports.fill('1883');
    await page.keyboard.press('Tab');
    await page.locator(WRONG_FIELD).waitFor({ state: 'detached' });
    await closeDialog(opened);
    await editProfile(opened);
    for (const [target, verdict] of [
      ['127.0.0.1:1', /nothing listens there/],
      ['8.8.8.8', /outside the allowed scope/],
    ] as const) {
      await page.locator('#mqtt-scan-profile-target').fill(target);
      await page.locator('#mqtt-scan-profile-test').click();
      await page.locator('#mqtt-scan-profile-verdict').filter({ hasText: verdict }).waitFor();
    }
    await finish(opened, /422/);
  });
}

async function editProfile({ page }: OpenPage): Promise<void> {
  await page.evaluate("RED.editor.editConfig('', 'mqtt-scan-profile', 'profile')");
  await page.locator('#mqtt-scan-profile-test').waitFor();
}

async function closeDialog({ page }: OpenPage): Promise<void> {
  await page.locator('#node-dialog-cancel').click();
  await page.locator('#node-dialog-cancel').waitFor({ state: 'detached' });
}

async function finish({ page, errors }: OpenPage, expected = /^$/): Promise<void> {
  await page.context().close();
  assert.deepEqual(
    errors.filter((error) => !expected.test(error)),
    [],
  );
}
