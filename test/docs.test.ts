// The documents name everything an operator can meet: a setting, address, step key, effect or package
// without a word about it fails here. Wording is nobody's business but the readers'.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { flowFile } from '../src/flow/definition.ts';
import { operator } from '../src/flow/operator.ts';
import { programme } from '../src/flow/programme.ts';
import { effectsOf, headingsOf, mentions, neverSaid, routesOf, rowsOf, saying, settingsOf, textsOf } from './support/docs.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => (name.endsWith(ending) ? [`${folder}/${name}`] : []));

const wanted = (names: string[], there: Set<string>) => names.filter((name) => !there.has(name));

describe('an operator finds', () => {
  const settings = settingsOf(read('src/config.ts'));

  it('every setting in docs/operating/settings.md', () => {
    expect(settings.length).toBeGreaterThan(20);
    expect(wanted(settings, rowsOf(read('docs/operating/settings.md')))).toEqual([]);
  });

  it('every setting in .env.example, and none that does not exist', () => {
    const lines = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map((match) => match[1] ?? '');
    expect(wanted(settings, new Set(lines))).toEqual([]);
    expect(wanted(lines, new Set(settings))).toEqual([]);
  });

  it('every key of the operator file and of a programme file in docs/operating/files.md', () => {
    const page = read('docs/operating/files.md');
    const keys = [...Object.keys(operator.shape), ...Object.keys(programme.shape), ...Object.keys(programme.shape.contacts.element.shape)];
    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter((key) => !page.includes(`\`${key}`))).toEqual([]);
  });

  it('every address the server answers', () => {
    const pages = filesIn('docs', '.md').map(read).join('\n');
    const routes = filesIn('src', '.ts').flatMap((file) => routesOf(read(file)));
    expect(routes.length).toBeGreaterThan(10);
    expect(routes.filter((route) => !mentions(pages, route))).toEqual([]);
  });

  it('every package and why it is there', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const names = Object.keys({ ...dependencies, ...devDependencies });
    const rows = rowsOf(read('docs/dependencies.md'));
    expect(wanted(names, rows)).toEqual([]);
    expect(wanted([...rows], new Set(names)), 'no longer a dependency').toEqual([]);
  });
});

describe('whoever answers for the chat finds', () => {
  it('for each of the thirty-six safety rules what makes sure of it, and every test named there', () => {
    const page = read('docs/safety.md');
    const rows = [...page.matchAll(/^\| R(\d+) \|[^|]+\|([^|]+)\|$/gm)];
    expect(rows.map((row) => Number(row[1]))).toEqual(Array.from({ length: 36 }, (_, i) => i + 1));
    for (const [, rule, means = ''] of rows) expect(means, `R${rule}`).toMatch(/proof P\d|test `|sign-off/);
    const tests = new Set(filesIn('test', '.test.ts').map((name) => name.replace(/^test\/|\.test\.ts$/g, '')));
    const named = rows.flatMap((row) => [...(row[2] ?? '').matchAll(/`([a-z-]+\/[a-z-]+|deny)`/g)].map((match) => match[1] ?? ''));
    expect(wanted(named, tests)).toEqual([]);
  });
});

describe('an author of flows finds', () => {
  const headings = () => headingsOf(read('docs/flows.md'));

  it('every key of a step', () => {
    const { properties } = z.toJSONSchema(flowFile, { io: 'input' });
    const steps = properties?.['steps'];
    const each = typeof steps === 'object' ? steps.additionalProperties : undefined;
    const keys = typeof each === 'object' ? Object.keys(each.properties ?? {}) : [];
    expect(keys).toContain('handoff');
    expect(wanted(keys, headings())).toEqual([]);
  });

  it('every effect of a step', () => {
    const effects = effectsOf(read('src/flow/effect.ts'));
    expect(effects).toContain('open-case');
    expect(wanted(effects, headings())).toEqual([]);
  });
});

describe('a person is never called what the glossary forbids', () => {
  const words = neverSaid(read('docs/glossary.md'));
  /** What people write to us is theirs to choose. */
  const theirs = /\/(interrupts|crisis|forbidden|topics|review)\.json$/;

  it.for(filesIn('locales/en', '.json').filter((file) => !theirs.test(file)))('in %s', (file) => {
    expect(words).toContain('illegal');
    expect(saying(words, textsOf(JSON.parse(read(file))))).toEqual([]);
  });
});

describe('the rules can fail', () => {
  it('when a setting has no row', () => {
    const config = "const settings = z.object({\n  PORT: port,\n  NEW_ONE: z.string(),\n});\nconst later = ['ROLE'] as const;\n";
    expect(wanted(settingsOf(config), rowsOf('| name |\n| --- |\n| `PORT`, `HOST` | 3000 |\n'))).toEqual(['NEW_ONE', 'ROLE']);
  });

  it('when an address is nowhere', () => {
    const source =
      "app.get('/healthz', alive);\nrouter.use('/desk', desk);\nmap.get('key');\nrouter.post(['/a', `/b`], both);\n{ method: 'get', path: '/people' }";
    expect(routesOf(source)).toEqual(['/healthz', '/desk', '/a', '/b', '/people']);
    expect(mentions('`GET /cases/:id/claim`', '/cases/:id')).toBe(false);
    expect(mentions('`GET /api/v1/cases/:id`', '/cases/:id')).toBe(true);
  });

  it('when an effect has only a mention, no heading', () => {
    const page = '### `say`\n\nThen `ask`.\n';
    expect(wanted(effectsOf("  | { do: 'say'; key: string }\n  | { do: 'ask' };"), headingsOf(page))).toEqual(['ask']);
  });

  it('when a text calls a person something else', () => {
    const texts = textsOf({ say: { one: 'You are not illegal.', two: 'Our beneficiaries', three: 'The legal office' } });
    const words = neverSaid('# Glossary\n\n## Never said\n\n- `illegal`\n- `beneficiaries`\n\n## Next\n\n- `legal`\n');
    expect(saying(words, texts)).toEqual(['say.one', 'say.two']);
  });
});
