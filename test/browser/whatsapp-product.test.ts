// Somebody on WhatsApp before the whole product, which is told where the stand-in site is by settings
// alone: from the code in the terminal to a request in the queue, with a kill on the way.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../src/tool/parts.ts';
import { complaintsOf, launch } from '../support/chromium.ts';
import { needs } from '../support/parts.ts';
import { cases, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { browserProcesses } from '../support/whatsapp/channel.ts';
import { type Site, startSite } from '../support/whatsapp/site.ts';

const chromium = findChromium();

const amina = '15550002222@c.us';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const canary = 'canary-word-of-amina';

describe.skipIf(needs('chromium'))('a person on WhatsApp', () => {
  let site: Site;
  let data: ReturnType<typeof dataFolder>;
  let product: Product | undefined;
  let written = '';

  afterEach(async () => {
    await product?.end('SIGKILL');
    const profile = join(data.path, 'whatsapp');
    // The browser goes with the process that held it, however that ended.
    await site.until(() => browserProcesses(profile).length === 0, 'no browser is left');
    site.close();
    data.remove();
  });

  async function run(): Promise<Product> {
    written += product?.output() ?? '';
    const started = await startProduct(data.path, {
      WHATSAPP: 'on',
      WHATSAPP_CHROMIUM: chromium ?? '',
      WHATSAPP_CHROMIUM_ARGS: site.args.map((word) => `'${word}'`).join(' '),
    });
    product = started;
    return started;
  }
  const ready = (on: Product) =>
    until(
      async () => /avr_channel_ready\{channel="whatsapp"\} 1/.test(await (await fetch(`${on.url}/metrics`)).text()),
      'WhatsApp is ready',
    );
  const last = () => site.sentTo(amina).at(-1) ?? '';
  /** Writes and waits for an answer with these words. */
  async function says(text: string, answer: RegExp): Promise<void> {
    const before = site.sentTo(amina).length;
    site.deliver({ from: amina, body: text });
    await site.until(
      () =>
        site
          .sentTo(amina)
          .slice(before)
          .some((one) => answer.test(one)),
      `an answer to ${text}, not ${last()}`,
    );
    // Nobody writes the next number before the question is wholly out; one that comes sooner counts as sent before it.
    await site.until(() => site.unread(amina) === 0, `${text} is marked as seen`);
  }

  it('pairs, talks by numbers of any script, survives a kill, reaches a caseworker and hears back', async () => {
    site = await startSite();
    data = dataFolder();
    const first = await run();
    await until(async () => first.output().includes('Pair WhatsApp'), 'a code in the terminal');
    expect(first.output()).toMatch(/^WhatsApp +on/m);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    await site.ask('scan');
    await ready(first);

    await says('Salam', /1 {2}English\n2 {2}Français/);
    await says('١', /Which country/);

    // Two numbers sent while nobody is there: the first answers, the second was sent before the next question.
    await first.end('SIGKILL');
    site.deliver({ from: amina, body: '9', fresh: false });
    site.deliver({ from: amina, body: '1', fresh: false });
    const second = await run();
    await ready(second);
    await site.until(() => site.unread(amina) === 0, 'both are answered');
    expect(last()).toMatch(/closed[\s\S]*is it safe to write/);
    expect(site.sentTo(amina).join('\n')).not.toContain('The next page explains it');
    expect(second.output()).not.toContain('Pair WhatsApp');

    await says('1️⃣', /The next page explains it/);
    await says('1.', /May a person from our team write to you here\?/);
    // Consent takes its number or its exact label, nothing that only sounds like it.
    await says('ok', /1 {2}Yes/);
    await says('1', /Your code/);
    await until(async () => (await cases(second.url)).length === 1, 'the request stands in the queue');
    const [found] = await cases(second.url);
    expect(found).toMatchObject({ kind: 'talk' });

    const post = (path: string, body?: object) =>
      fetch(`${second.url}/api/v1/cases/${found?.id}/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await post('claim');
    await post('reply', { text: 'Hello, this is the team.' });
    await site.until(() => site.sentTo(amina).some((one) => one.includes('Hello, this is the team.')), 'the caseworker is heard');
    site.deliver({ from: amina, body: canary });
    await site.until(() => site.unread(amina) === 0, 'it is read');

    expect(statSync(join(data.path, 'whatsapp')).mode & 0o777).toBe(0o700);
    expect(await second.end('SIGTERM')).toBe(0);
    written += second.output();
    expect(written).not.toMatch(new RegExp(`${canary}|15550002222|@c\\.us`));
    expect(site.told.filter(({ kind }) => kind === 'refused' || kind === 'download')).toEqual([]);
  });

  it('is paired by an administrator at the desk, whose page has no barriers and no script', async () => {
    site = await startSite();
    data = dataFolder();
    const on = await run();
    await until(async () => on.output().includes('Pair WhatsApp'), 'a code');
    const browser = await launch();
    const page = await (await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en' })).newPage();
    const complaints = complaintsOf(page);
    await page.goto(on.setUp ?? '');
    await page.fill('input[name=name]', 'Amina Sala');
    await page.fill('input[name=login]', 'amina');
    await page.fill('input[name=password]', 'a long enough secret');
    await page.fill('input[name=again]', 'a long enough secret');
    await page.click('main button');
    await page.click('.top nav >> text=Channels');
    expect(await page.textContent('main')).toContain('Waits to be paired.');
    const square = await page.locator('svg.code').boundingBox();
    expect(square?.width).toBeGreaterThan(200);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('svg.code')).backgroundColor`)).toBe('rgb(255, 255, 255)');
    if (process.env['PICTURES'] === '1') await page.locator('main').screenshot({ path: 'docs/pictures/pairing.png' });
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/channels.png`, fullPage: true });
    await page.evaluate(axe);
    const found = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)) as { violations: { id: string }[] };
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    await site.ask('scan');
    await ready(on);
    await page.goto(`${on.url}/desk/channels`.replace('127.0.0.1', new URL(page.url()).hostname));
    expect(await page.textContent('main')).not.toContain('Waits to be paired.');
    expect(await page.locator('svg.code').count()).toBe(0);
    expect(complaints).toEqual([]);
    await browser.close();
  });
});
