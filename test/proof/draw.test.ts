import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { options } from '../../src/flow/options.ts';
import { waits } from '../../src/flow/walk.ts';
import { standing } from '../../src/proof/standing.ts';
import { label } from '../../src/text/labels.ts';
import { books, drawn, outOfDate } from '../../src/tool/draw.ts';
import { shippedContent } from '../support/talk.ts';

const content = await shippedContent();
const { flow, catalog } = content;
const files = drawn(content);
/** As it was written, without the marks of direction. */
const plain = (html: string) =>
  html
    .replace(/[\u200f\u2068\u2069]/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('the drawings', () => {
  it('are those of the flows as they are', () => {
    expect(outOfDate(files, '.')).toEqual([]);
  });

  it('are out of date when a flow has changed, a page is missing or a file is gone', () => {
    const root = mkdtempSync(join(tmpdir(), 'drawn-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    writeFileSync(join(root, 'docs/flows/former.md'), 'x');
    writeFileSync(join(root, 'docs/flows/gate.md'), 'x');
    rmSync(join(root, 'docs/flows/talk.md'));
    expect(outOfDate(files, root)).toEqual(['docs/flows/gate.md', 'docs/flows/talk.md', 'docs/flows/former.md']);
    rmSync(root, { recursive: true });
  });

  it('show each step, each option and each field with its retention', () => {
    for (const step of Object.values(flow.steps)) {
      const page = files[`docs/flows/${step.file}.md`] ?? '';
      expect(page).toContain(`<b>${step.ref.slice(step.file.length + 1)}</b>`);
      for (const option of Object.keys(step.menu ?? {})) expect(page).toContain(option);
      const field = step.ask === undefined ? undefined : flow.fields[step.ask];
      if (field?.keep !== undefined) expect(page).toMatch(new RegExp(`\\| \`${step.ask}\` .*\\| ${field.data} \\| ${field.keep} \\|`));
    }
  });

  it('show where each answer of the gate leads', () => {
    const gate = files['docs/flows/gate.md'] ?? '';
    expect(gate).toContain('| `gate/fear` | – | – | – | yes, not-sure | skip | no |');
    expect(gate).toContain('| `gate/place` | – | – | detained | kept | skip | home, shelter, centre, border, elsewhere |');
  });

  it('tell what each request costs the person, and no more than the flows allow', () => {
    const budget = files['docs/flows/budget.md'] ?? '';
    const rows = [...budget.matchAll(/^\| `([a-z-]+)` \| \w+ \| (\d+) \+ (\d+) \| (\d+) \+ (\d+) \| (\w+)/gm)];
    expect(rows.map((row) => row[1])).toEqual(['agree-return', 'agree-talk', 'agree-protect', 'assent']);
    for (const [, , , , picks, answers] of rows) {
      expect(Number(picks)).toBeLessThanOrEqual(flow.budget.picks);
      expect(Number(answers)).toBeLessThanOrEqual(flow.budget.answers);
    }
    expect(rows.slice(1).map((row) => row[6])).toEqual(['none', 'none', 'none']);
  });
});

describe('the schema for editors', () => {
  it('knows every key of a step and leads every reference somewhere', () => {
    const text = files['flows/schema.json'] ?? '';
    const schema = JSON.parse(text);
    expect(Object.keys(schema.definitions)).toEqual(['common', 'flow', 'lists', 'operator', 'programme']);
    expect(schema.definitions.flow.properties.steps.additionalProperties.properties.handoff.description).toMatch(/case/);
    const references = [...text.matchAll(/"\$ref": "#([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(5);
    for (const reference of references) {
      const target = reference
        .split('/')
        .slice(1)
        .reduce((at: Record<string, never> | undefined, part) => at?.[part], schema);
      expect(target, reference).toBeDefined();
    }
  });
});

describe('the path book', () => {
  const pages = books(content);

  it.each(flow.languages)('shows in %s every text, every question and every option', (lang) => {
    const page = plain(pages[lang] ?? '');
    for (const step of Object.values(flow.steps)) {
      expect(page).toContain(`<article id="${step.ref}">`);
      for (const key of step.say) {
        const [first = ''] = catalog.text(lang, step.file, `say.${key}`).split(/\{\{|\n/);
        expect(page).toContain(first);
      }
      if (!waits(step)) continue;
      expect(page).toContain(catalog.text(lang, step.file, `steps.${step.ref.slice(step.file.length + 1)}.ask`).split(/\{\{|\n/)[0]);
      for (const code of options(flow, standing(step, lang), step, {}))
        expect(page).toContain(`<span class="button">${label(flow, catalog, lang, step, code)}</span>`);
    }
  });

  it('shows the way to each kind of request, and has a box to sign for each part', () => {
    const page = pages['en'] ?? '';
    for (const [name, field] of Object.entries(flow.fields))
      if (field.type === 'choice' && field.kind !== undefined) expect(page).toContain(`Opens a ${field.kind} request (${name})`);
    const parts = new Set(Object.values(flow.steps).map((step) => step.file)).size;
    expect([...page.matchAll(/<table class="sign">/g)].length).toBeGreaterThan(parts);
    expect(page).not.toMatch(/<script|https?:\/\/(?!example\.org)[^"<\s]*\.(js|css)|undefined|\{\{/);
  });

  it('turns round where the language is written from right to left', async () => {
    const page = pages['ar'] ?? '';
    expect(page).toContain('<div class="chat" lang="ar" dir="rtl">');
    expect(page).toContain('\u2068Demo operator (example)\u2069');
  });
});
