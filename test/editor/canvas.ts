import assert from 'node:assert/strict';
import type { OpenPage, Page } from '../support/browser';
import type { Runtime } from '../support/node-red-runtime';
import { type Editing, editFlows, WRONG_FIELD } from './editing';

interface Edit {
  readonly type: string;
  /** The label of a field, values that must be marked, and one that is right. */
  readonly fields: readonly (readonly [label: string, wrong: readonly string[], right: string])[];
  /** What the node is to hold afterwards. */
  readonly kept: Readonly<Record<string, unknown>>;
}

/** What a user types into the dialogs. */
const EDITS: readonly Edit[] = [
  {
    type: 'mqtt-probe',
    fields: [
      [
        'Targets',
        ['mqtt://me:secret@host', '300.1.1.1', '<img src=x onerror=window.__pwned=1>'],
        '127.0.0.1',
      ],
      ['Ports', ['99999', '1883/udp'], '1883, 9001/ws'],
    ],
    kept: { targets: '127.0.0.1', targetsType: 'str', ports: '1883, 9001/ws', portsType: 'str' },
  },
  { type: 'tls-inspect', fields: [['Expires soon', ['soon', '-1'], '60']], kept: { expiryDays: '60' } },
  { type: 'anon-auth-test', fields: [['Failed logins', ['0', '2.5'], '2']], kept: { maxAttempts: '2' } },
  {
    type: 'topic-sniffer',
    fields: [
      ['Topic filters', ['a#'], 'hall/#'],
      ['Listen for', ['long', '3601'], '2'],
      ['Keep at most', ['0'], '100'],
    ],
    kept: { filters: 'hall/#', listen: '2', maxTopics: '100' },
  },
  {
    type: 'risk-classify',
    fields: [['Own table', ['{', '[]'], '{"severities": {}}']],
    kept: { policyTable: '{"severities": {}}' },
  },
  {
    type: 'report-out',
    fields: [
      ['File name', ['../secret'], 'night'],
      ['Time zone', ['Asia/Nowhere'], 'UTC'],
      ['Serve under', ['a b'], '/reports'],
    ],
    kept: { basename: 'night', timezone: 'UTC', serve: '/reports', formats: 'pdf,csv,json' },
  },
  {
    type: 'retained-clear',
    fields: [['Topic filters', ['#/a'], 'stale/#']],
    kept: { filters: 'stale/#', dryRun: true },
  },
];
const ACTION_MS = 10_000;
const DEPLOYED_MS = 15_000;
/** The scan profile of the flow, in the editor. */
const PROFILE = `(() => {
  let found;
  RED.nodes.eachConfig((node) => { if (node.type === 'mqtt-scan-profile') found = node; });
  return found;
})()`;

/** Nodes are dragged to the canvas, filled in, deployed, exported and imported. */
export function testCanvas(editing: () => Editing): void {
  describe('has every node on the canvas, which', () => {
    let runtime: Runtime;
    let opened: OpenPage;
    let page: Page;
    let logged = 0;

    before(async () => {
      ({ runtime } = editing());
      logged = runtime.log().length;
      opened = await editFlows(editing(), [{ id: 'tab', type: 'tab', label: 'All' }]);
      ({ page } = opened);
      page.setDefaultTimeout(ACTION_MS);
    });

    after(() => page?.context().close());

    it('comes there by dragging', async () => {
      for (const [i, { type }] of EDITS.entries()) {
        const entry = page.locator(`[data-palette-type="${type}"]`);
        await entry.scrollIntoViewIfNeeded();
        await entry.hover();
        await page.mouse.down();
        await page.mouse.move(620, 170 + 70 * i, { steps: 4 });
        await page.mouse.up();
        await page.locator(`.red-ui-flow-node-group`).nth(i).waitFor();
      }
      assert.deepEqual(
        await page.evaluate("RED.nodes.filterNodes({ z: 'tab' }).map(({ type }) => type)"),
        EDITS.map(({ type }) => type),
      );
      assert.equal(await page.evaluate(`${nodeOf('mqtt-probe')}.valid`), false, 'it has no profile yet');
    });

    it('takes a new profile, whose settings are checked', async () => {
      await open('mqtt-probe');
      await page.locator('#node-input-btn-profile-add, #node-input-lookup-profile').last().click();
      await check('Scope', ['10.0.0.0/33', 'not allowed!'], 'loopback');
      await check('Connections', ['0', 'many'], '20');
      await page.locator('#node-config-dialog-ok').click();
      await page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
      await page.locator('#node-dialog-ok').click();
      await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
      const settings = `(({ scope, window, valid }) => ({ scope, window, valid }))(${PROFILE})`;
      assert.deepEqual(await page.evaluate(settings), { scope: 'loopback', window: '20', valid: true });
    });

    for (const { type, fields, kept } of EDITS) {
      it(`marks wrong values of ${type} and keeps good ones`, async () => {
        await open(type);
        for (const [label, wrong, right] of fields) await check(label, wrong, right);
        await done();
        const found = await page.evaluate(
          `(({ valid, ...node }) => ({ valid, node: JSON.stringify(node, ${JSON.stringify(Object.keys(kept))}) }))(${nodeOf(type)})`,
        );
        const { valid, node } = found as { valid: boolean; node: string };
        assert.deepEqual(JSON.parse(node), kept);
        assert.equal(valid, true);
        assert.equal(await page.evaluate('window.__pwned'), undefined);
      });
    }

    it('may be left with a wrong value, which the canvas shows', async () => {
      await open('tls-inspect');
      await page.getByLabel('Expires soon').fill('soon');
      await done();
      assert.equal(await page.evaluate(`${nodeOf('tls-inspect')}.valid`), false);
      await page.evaluate(`RED.editor.edit(${nodeOf('tls-inspect')})`);
      await page.getByLabel('Expires soon').fill('60');
      await done();
      assert.equal(await page.evaluate(`${nodeOf('tls-inspect')}.valid`), true);
    });

    it('lets a field look elsewhere for its value', async () => {
      await open('mqtt-probe');
      await page.evaluate("$('#node-input-targets').typedInput('type', 'msg').typedInput('value', 'hosts')");
      await page.evaluate("$('#node-input-ports').typedInput('type', 'env').typedInput('value', '')");
      await page.locator(WRONG_FIELD).waitFor();
      await page.evaluate("$('#node-input-ports').typedInput('value', 'PORTS')");
      await page.locator(WRONG_FIELD).waitFor({ state: 'detached' });
      await done();
      const kept = await page.evaluate(
        `(({ targets, targetsType, ports, portsType, valid }) => ({ targets, targetsType, ports, portsType, valid }))(${nodeOf('mqtt-probe')})`,
      );
      assert.deepEqual(kept, {
        targets: 'hosts',
        targetsType: 'msg',
        ports: 'PORTS',
        portsType: 'env',
        valid: true,
      });
    });

    it('is deployed, exported, deleted and imported as it was', async () => {
      await deploy();
      const deployed = (await (await runtime.get('/flows')).json()) as object[];
      assert.equal(deployed.length, 2 + EDITS.length);
      const before = await exported();
      // An export names the packages that its nodes are from, too.
      const types = JSON.parse(before).map(typeOf);
      assert.deepEqual(types.sort(), [...deployed.map(typeOf), 'global-config'].sort());
      await page.evaluate(`RED.workspaces.add();
          RED.workspaces.delete(RED.nodes.workspace('tab')); RED.nodes.remove(${PROFILE}.id)`);
      await page.waitForFunction("!RED.nodes.workspace('tab')");
      await page.evaluate("RED.actions.invoke('core:show-import-dialog')");
      await page.locator('#red-ui-clipboard-dialog-import-text').fill(before);
      await page.keyboard.press('End');
      await page.locator('#red-ui-clipboard-dialog-ok').click();
      await page.waitForFunction("RED.nodes.filterNodes({ type: 'report-out' }).length === 1");
      await page.evaluate(
        "RED.nodes.eachWorkspace((each) => each.label === 'All' || RED.workspaces.delete(each))",
      );
      const after = JSON.parse(await exported()) as object[];
      assert.deepEqual(withoutIds(after), withoutIds(JSON.parse(before)));
      await deploy();
      assert.deepEqual(opened.errors, []);
      assert.doesNotMatch(runtime.log().slice(logged), /\[(error|warn)\] (?!Projects|Encrypted|.*Encrypted)/);
    });

    const nodeOf = (type: string): string => `RED.nodes.filterNodes({ type: '${type}' })[0]`;

    async function open(type: string): Promise<void> {
      const id = await page.evaluate(`${nodeOf(type)}.id`);
      await page.locator(`[id="${id}"]`).dblclick();
      await page.locator('#node-dialog-ok').waitFor();
    }

    async function done(): Promise<void> {
      await page.locator('#node-dialog-ok').click();
      await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
    }

    async function check(label: string, wrong: readonly string[], right: string): Promise<void> {
      // Once a value is marked, Node-RED 5 has the field under another name.
      const field = await page.getByLabel(label, { exact: true }).last().elementHandle();
      assert.ok(field, label);
      for (const value of wrong) {
        await field.fill(value);
        await page.keyboard.press('Tab');
        await page.locator(WRONG_FIELD).waitFor();
      }
      await field.fill(right);
      await page.keyboard.press('Tab');
      await page.locator(WRONG_FIELD).waitFor({ state: 'detached' });
    }

    async function deploy(): Promise<void> {
      await page.locator('#red-ui-header-button-deploy').click();
      await page.waitForFunction('!RED.nodes.dirty()', undefined, { timeout: DEPLOYED_MS });
    }

    async function exported(): Promise<string> {
      await page.evaluate("RED.actions.invoke('core:show-export-dialog')");
      await page.locator('#red-ui-clipboard-dialog-export-rng-full').click();
      await page
        .locator(
          '#red-ui-clipboard-dialog-tab-export-json-preview, #red-ui-clipboard-dialog-export-tab-clipboard-preview',
        )
        .first()
        .waitFor({ state: 'attached' });
      const text = await page.locator('#red-ui-clipboard-dialog-export-text').inputValue();
      await page.keyboard.press('Escape');
      return text;
    }
  });
}

const typeOf = (node: object): string => String(Reflect.get(node, 'type'));

/** Nodes as they are, but for their ids, which an import may give anew: named by type, of which there is one each. */
function withoutIds(nodes: readonly object[]): string[] {
  const ids = new Map(nodes.map((node) => [Reflect.get(node, 'id'), typeOf(node)]));
  const named = (_key: string, value: unknown): unknown => ids.get(value) ?? value;
  return nodes.map((node) => JSON.stringify(node, named)).sort();
}
