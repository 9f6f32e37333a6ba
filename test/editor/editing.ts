import { type Browser, type OpenPage, openPage } from '../support/browser';
import type { FlowNode, Runtime } from '../support/node-red-runtime';

/** What the tests of the editor share. */
export interface Editing {
  readonly browser: Browser;
  readonly runtime: Runtime;
}

/** What the editor marks as wrong; a field with types shows it around itself. */
export const WRONG_FIELD = '.red-ui-editor .input-error:not([type=hidden])';

/** Deploys flows with a tab `tab`. @returns the editor with them, ready for use */
export async function editFlows(
  { browser, runtime }: Editing,
  flows: readonly FlowNode[],
  locale = 'en-US',
): Promise<OpenPage> {
  await runtime.deploy(flows);
  const opened = await openPage(browser, runtime.adminUrl, { locale });
  await opened.page.waitForFunction(
    `window.RED && RED.nodes && document.querySelector('[data-palette-type="report-out"]')
      && RED.workspaces.active() === 'tab' && RED.nodes.filterNodes({ z: 'tab' }).length === ${flows.filter(({ z }) => z === 'tab').length}`,
  );
  // Dialogs need not slide in.
  await opened.page.addStyleTag({
    content: '* { transition: none !important; animation: none !important; }',
  });
  await opened.page.evaluate('void ($.fx.off = true)');
  return opened;
}
