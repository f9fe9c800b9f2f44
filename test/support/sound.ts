// What every page of the desk must hold in a real browser, whatever stands on it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** No barrier that axe knows of, and nothing that has to be scrolled sideways. With `SCREENSHOTS` set, a picture of it lies in that folder. */
export async function sound(page: Page, name: string, whole = true): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`);
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
  expect(
    violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`),
    name,
  ).toEqual([]);
  const fits = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
  expect(await page.evaluate(fits), `${name} is too wide`).toBe(true);
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: whole });
}
