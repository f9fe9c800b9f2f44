// A browser for the tests that need one, and what it complains of while somebody uses a page.
import { type Browser, type BrowserContextOptions, chromium as driver, type Page } from 'playwright-core';
import { findChromium } from '../../src/tool/parts.ts';

/** Nothing but the page under test: no updates, no background traffic. */
const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = (): Promise<Browser> => driver.launch({ executablePath: findChromium() ?? '', args: quiet });

/** Errors of the page and of its scripts, as they come. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** A page of the desk for whoever this cookie signs in. */
export async function deskPage(browser: Browser, base: string, cookie: string, options: BrowserContextOptions) {
  const context = await browser.newContext(options);
  await context.addCookies([{ name: 'desk', value: cookie.slice('desk='.length), url: base }]);
  const page = await context.newPage();
  return { context, page, complaints: complaintsOf(page) };
}

/** Opens every box of a page. */
export const unfold = (page: Page) => page.evaluate(`for (const box of document.querySelectorAll('details')) box.open = true`);

/** Also what no page of ours may do, whatever it is made to show: a dialog, or a request to anywhere else. */
export function watch(page: Page, base: string, complaints: string[]): void {
  page.on('dialog', () => complaints.push('a dialog'));
  page.on('request', (request) => request.url().startsWith(base) || complaints.push(request.url()));
}
