// `npm run draw`: writes docs/flows and flows/schema.json from the flow files, and the description of the interface. `-- --check` writes nothing and
// says what is out of date; `-- --book FOLDER` writes the path book, one page for each language.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { programmeFacts } from '../flow/programme.ts';
import type { Facts } from '../flow/session.ts';
import { pathBook } from '../proof/book.ts';
import { drawings } from '../proof/draw.ts';
import { flowSchema } from '../proof/schema.ts';
import { choicesOf, waysOf } from '../proof/ways.ts';
import { refuse } from '../start/refuse.ts';
import { type Content, loadContent } from '../text/content.ts';
import { openApi } from './openapi.ts';

/** Staff are there, nothing is open: the world in which most of the flows can be seen. */
const usualWorld = ({ programmes }: Content): Facts => ({
  requestOpen: false,
  childStaff: true,
  protectionStaff: true,
  draftLanguage: false,
  programmes: programmeFacts([...programmes.values()]),
});

/** Every programme takes requests and asks what it can ask. */
function fullestWorld(content: Content): Facts {
  const usual = usualWorld(content);
  const full = { open: true, noReturn: [], repeatWindow: true, partnerVisits: true };
  return { ...usual, programmes: Object.fromEntries(Object.keys(usual.programmes).map((country) => [country, full])) };
}

/** What the generated files must hold, by path below `root`. */
export function drawn(content: Content): Record<string, string> {
  const { flow } = content;
  const ways = waysOf(flow, choicesOf(flow), [usualWorld(content), fullestWorld(content)]);
  const pages = Object.entries(drawings(flow, ways)).map(([name, text]) => [join('docs', 'flows', name), text]);
  const described = { [join('src', 'desk', 'openapi.json')]: openApi() };
  return { ...Object.fromEntries(pages), [join('flows', 'schema.json')]: flowSchema(), ...described };
}

/** Paths whose file is missing, differs, or belongs to no flow file any more. */
export function outOfDate(files: Record<string, string>, root: string): string[] {
  const differing = Object.entries(files).filter(
    ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
  );
  const folder = join(root, 'docs', 'flows');
  const there = existsSync(folder) ? readdirSync(folder).map((name) => join('docs', 'flows', name)) : [];
  return [...differing.map(([path]) => path), ...there.filter((path) => files[path] === undefined)];
}

/** Language to page. */
export function books(content: Content): Record<string, string> {
  const world = usualWorld(content);
  const ways = waysOf(content.flow, choicesOf(content.flow), [world]);
  return Object.fromEntries(content.flow.languages.map((lang) => [lang, pathBook(content, ways, world, lang)]));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, book: { type: 'string' }, flows: { type: 'string' }, locales: { type: 'string' } },
  });
  const config = readConfig({ FLOWS_DIR: values.flows, LOCALES_DIR: values.locales });
  if ('findings' in config) refuse(config.findings);
  const content = await loadContent(config.FLOWS_DIR, config.LOCALES_DIR, 'demo');
  if ('findings' in content) refuse(content.findings);
  const root = join(import.meta.dirname, '..', '..');
  if (values.book !== undefined) {
    mkdirSync(values.book, { recursive: true });
    for (const [lang, page] of Object.entries(books(content))) {
      const path = join(values.book, `${lang}.html`);
      writeFileSync(path, page);
      process.stdout.write(`${path}\n`);
    }
  } else {
    const files = drawn(content);
    const old = outOfDate(files, root);
    if (values.check) {
      for (const path of old) process.stdout.write(`${path}: out of date\n`);
      process.exitCode = old.length > 0 ? 1 : 0;
    } else {
      mkdirSync(join(root, 'docs', 'flows'), { recursive: true });
      for (const path of old) {
        const text = files[path];
        if (text === undefined) process.stdout.write(`${path}: belongs to no flow file any more; delete it\n`);
        else {
          writeFileSync(join(root, path), text);
          process.stdout.write(`${path}\n`);
        }
      }
    }
    if (old.length === 0) process.stdout.write(`${Object.keys(files).length} files, all as the flows say\n`);
  }
}
