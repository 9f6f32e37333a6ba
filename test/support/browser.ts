import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { UnavailableError } from './unavailable';

export type { Browser, Page } from 'playwright-core';

/** Names under which Chromium and its kin are installed. */
const NAMES = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  ...['Google Chrome', 'chrome.exe', 'msedge.exe'],
];
/** Folders outside the search path where they may be. */
const FOLDERS = [
  '/usr/bin',
  '/snap/bin',
  '/Applications/Google Chrome.app/Contents/MacOS',
  'C:\\Program Files\\Google\\Chrome\\Application',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application',
];
/** It is to show pages of this machine, and to talk to nobody else. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-dev-shm-usage',
];

/** A page, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of the console, exceptions nobody caught, and answers that a page did not expect. */
  readonly errors: readonly string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  /** The visitor's language: `de-DE`. */
  readonly locale?: string;
}

/** Starts a Chromium without a window. @throws UnavailableError where none is installed */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: ARGUMENTS });
}

/** Opens a page as a visitor of its own: nothing is shared with other pages of the browser. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<OpenPage> {
  const { width = 1440, height = 1000, locale = 'en-US' } = options;
  const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true, locale });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url);
  return { page, errors };
}

/** CHROMIUM_PATH names the program where it is in no usual place. */
function findChromium(): string {
  const given = process.env.CHROMIUM_PATH;
  if (given && !existsSync(given)) {
    throw new UnavailableError(`CHROMIUM_PATH names ${given}, which does not exist.`);
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...FOLDERS];
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = given || candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new UnavailableError('Chromium is not installed. Install it, or name the program in CHROMIUM_PATH.');
}
