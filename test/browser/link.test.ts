// An NGO's link and its posters in a real browser: the page has no barriers, and what comes out of the
// printer can be scanned and read in every language.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { complaintsOf, launch, watch } from '../support/chromium.ts';
import { startLinks } from '../support/links.ts';
import { needs } from '../support/parts.ts';
import { shippedContent } from '../support/talk.ts';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core'), 'utf8');
/** Its types promise a default export that its bundle does not have. */
const jsQR = require('jsqr') as typeof import('jsqr').default;
const { languages } = (await shippedContent()).flow;
const sizes = ['a4', 'a5', 'card', 'strip'];
/** Dots per inch a cheap telephone's camera makes of a code two centimetres wide. */
const dpi = 150;
const smallest = Math.round((2 / 2.54) * dpi);

/** Where the codes lie on each sheet, one of a kind: left, top, width and height in millimetres. */
const pieces: Record<string, [number, number, number, number][]> = {
  a4: [[0, 0, 210, 297]],
  a5: [[0, 0, 148, 210]],
  card: [
    [8, 8, 97, 70],
    [105, 218, 97, 70],
  ],
  strip: [
    [0, 0, 210, 233],
    [0, 234, 26, 62],
    [184, 234, 26, 62],
  ],
};

/** What a telephone reads on this part of the picture, or undefined. */
function scanned(picture: PNG, box?: [number, number, number, number]): string | undefined {
  const dots = (mm: number) => Math.round((mm / 25.4) * dpi);
  const [left, top] = box === undefined ? [0, 0] : [dots(box[0]), dots(box[1])];
  const width = box === undefined ? picture.width : Math.min(dots(box[2]), picture.width - left);
  const height = box === undefined ? picture.height : Math.min(dots(box[3]), picture.height - top);
  const part = new PNG({ width, height });
  PNG.bitblt(picture, part, left, top, width, height, 0, 0);
  return jsQR(new Uint8ClampedArray(part.data), width, height)?.data;
}

describe.skipIf(needs('chromium') || needs('poppler'))('a link in a browser', () => {
  let browser: Browser;
  let on: Awaited<ReturnType<typeof startLinks>>;
  let code: string;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launch();
    on = await startLinks();
    code = await on.partner('Example partner');
  });
  afterAll(async () => {
    await browser.close();
    await on.stop();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 360, height: 720 } });
    complaints = complaintsOf(page);
    watch(page, on.base, complaints);
  });
  afterEach(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });

  const barriers = async (): Promise<string[]> => {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: unknown[] }[] }> } };
      return (await axe.run()).violations.map((one) => one.id);
    });
  };

  it.each(languages)('has no barriers and fits a small telephone, light and dark (%s)', async (lang) => {
    for (const path of [`/go/${code}`, '/points/gr', `/go/${code}/poster`])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(`${on.base}${path}?in=${lang}`);
        expect(await barriers(), `${path} ${colorScheme}`).toEqual([]);
        if (!path.endsWith('poster')) expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      }
  });

  it('offers all ways to write in buttons of the same size and colours', async () => {
    await page.goto(`${on.base}/go/${code}`);
    const looks = (await page.evaluate(`[...document.querySelectorAll('.ways a')].map((one) => {
      const { backgroundColor, color, fontSize, borderColor } = getComputedStyle(one);
      const { width, height } = one.getBoundingClientRect();
      return JSON.stringify({ backgroundColor, color, fontSize, borderColor, width, height });
    })`)) as string[];
    expect(looks).toHaveLength(3);
    expect(new Set(looks).size).toBe(1);
  });

  it.each(
    languages.flatMap((lang) => sizes.map((size) => [lang, size] as const)),
  )('can be scanned and read from paper (%s, %s)', async (lang, size) => {
    await page.goto(`${on.base}/go/${code}/poster?in=${lang}&size=${size}`);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const folder = mkdtempSync(join(tmpdir(), 'poster-'));
    try {
      const file = join(folder, 'poster.pdf');
      writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
      const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
      expect(info).toMatch(/^Pages:\s+1$/m);
      expect(info).toMatch(size === 'a5' ? /^Page size:\s+4(19|20)(\.\d+)? x 59[456]/m : /^Page size:\s+59[456](\.\d+)? x 84[123]/m);
      const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8' });
      expect(fonts).toContain('NotoSans');
      expect(fonts).not.toMatch(/DejaVu|Liberation/);

      const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
        .normalize('NFKC')
        .replace(/[\s\u200e\u200f\u2066-\u2069]+/g, ' ');
      expect(text).toContain('@return_questions_bot');
      const bare = (words: string) =>
        [...words.normalize('NFKC')]
          .filter((sign) => /[\p{L}]/u.test(sign))
          .sort()
          .join('');
      const promise = ['free', 'choice', 'money'].map((key) => on.links.text(lang, `promise.${key}`)).join(' · ');
      // What is read from right to left lies in a PDF in the order of the paper: its letters are compared.
      const missing = [...bare(promise)].filter((sign) => !text.includes(sign));
      expect(missing).toEqual([]);
      if (on.links.direction(lang) === 'ltr') expect(text.replaceAll(' ', '')).toContain(promise.replace(/\s/g, ''));

      execFileSync('pdftoppm', ['-r', String(dpi), '-png', '-singlefile', file, join(folder, 'paper')]);
      const paper = PNG.sync.read(readFileSync(join(folder, 'paper.png')));
      for (const box of pieces[size] ?? []) expect(scanned(paper, box), box.join(' ')).toBe(`${on.base}/go/${code}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('can be scanned from two centimetres', async () => {
    const svg = await on.page(`/go/${code}/qr.svg`);
    await page.setContent(
      `<body style="margin:40px;background:#fff">${svg.replace(/width="\d+" height="\d+"/, `width="${smallest}" height="${smallest}"`)}`,
    );
    const picture = PNG.sync.read(await page.screenshot());
    expect(scanned(picture)).toBe(`${on.base}/go/${code}`);
    const png = PNG.sync.read(Buffer.from(await (await on.get(`/go/${code}/qr.png`)).arrayBuffer()));
    expect(scanned(png)).toBe(`${on.base}/go/${code}`);
  });
});
