// The house keeps its own rules: who imports whom, where clock, chance and settings come in, and how
// long a file may be. Each rule is also run on a sample that breaks it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingsOf } from './support/house.ts';
import { rooms } from './support/rooms.ts';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = Object.keys(dependencies);

describe('every source file keeps the rules of the house', () => {
  it.for(files)('src/%s', (file) => {
    expect(findingsOf(file, readFileSync(`src/${file}`, 'utf8'), packages)).toEqual([]);
  });

  it('and there are source files to look at', () => {
    expect(files).toContain('main.ts');
    expect(files.length).toBeGreaterThan(40);
  });
});

describe('imports only go down', () => {
  it.for(Object.entries(rooms))('%s', ([, room]) => {
    for (const other of [...(room.rooms ?? []), ...(room.types ?? [])]) expect(rooms[other]?.floor, other).toBeLessThan(room.floor);
  });
});

const opening = '// A sample.\n';
const samples: [breaks: string, file: string, code: string, says: RegExp][] = [
  ['the engine reads a store', 'flow/step.ts', "import { load } from '../store/sessions.ts';", /flow may not import store/],
  ['the desk reaches into the conversation', 'desk/routes.ts', "import { receive } from '../conversation/receive.ts';", /desk may not/],
  ['a channel knows another', 'channel/web.ts', "import { poll } from './telegram.ts';", /web may not import telegram/],
  ['a channel knows a case', 'channel/telegram.ts', "import type { Case } from '../case/case.ts';", /telegram may not import case/],
  ['somebody imports main', 'tool/chat.ts', "import { start } from '../main.ts';", /tool may not import main/],
  [
    'a room reaches up to what puts it together',
    'store/keep.ts',
    "import { refuse } from '../start/refuse.ts';",
    /store may not import start/,
  ],
  ['values come where types may', 'case/case.ts', "import { flowFile } from '../flow/definition.ts';", /only types of flow/],
  ['a type among values still loads the room', 'case/case.ts', "import { type Flow } from '../flow/definition.ts';", /only types of flow/],
  ['names over several lines hide it', 'text/read.ts', "import {\n  a,\n  b,\n} from '../store/keep.ts';", /text may not import store/],
  ['it is imported for its effect', 'http/app.ts', "import '../desk/routes.ts';", /http may not import desk/],
  ['it is passed on', 'http/app.ts', "export { routes } from '../desk/routes.ts';", /http may not import desk/],
  ['it is imported late', 'http/app.ts', "const desk = await import('../desk/routes.ts');", /http may not import desk/],
  ['the target is computed', 'http/app.ts', 'const it = await import(name);', /computed/],
  ['a test is imported', 'http/app.ts', "import { fake } from '../../test/support/fake.ts';", /outside src/],
  ['another file knows grammy', 'conversation/receive.ts', "import { Bot } from 'grammy';", /may not import grammy/],
  ['the pure room reads files', 'flow/walk.ts', "import { readFileSync } from 'node:fs';", /may not import node:fs/],
  ['a part of a package counts as the package', 'handoff/deliver.ts', "import { Migrator } from 'kysely/migration';", /may not import/],
  ['a text room brings schemas of its own', 'text/read.ts', "import { z } from 'zod';", /only types of zod/],
  ['a package is not installed in production', 'tool/draw.ts', "import { chromium } from 'playwright-core';", /not among the depend/],
  ['chance decides', 'conversation/receive.ts', 'const id = Math.random();', /Math\.random/],
  ['the clock is read', 'store/sessions.ts', 'const now = Date.now();', /Date\.now/],
  ['the clock is read as a date', 'store/sessions.ts', 'const now = new Date();', /new Date\(\)/],
  ['the clock is read without brackets', 'store/sessions.ts', 'const now = new Date;', /new Date\(\)/],
  ['a pure room makes dates', 'case/retain.ts', 'const due = new Date(at);', /pure room/],
  ['stores are opened with settings of their own', 'start/stores.ts', "const dir = process.env['DATA_DIR'];", /process\.env/],
  ['a setting is read on the side', 'desk/sign-in.ts', "const secret = process.env['SECRET'];", /process\.env/],
  ['a writer goes its own way', 'desk/act.ts', 'await desk.keep.transaction().execute(work);', /through transact/],
  ['words are printed', 'conversation/receive.ts', 'console.log(text);', /console/],
  ['the export has no name', 'http/html.ts', 'export default function html() {}', /default export/],
  ['the export loses its name', 'http/html.ts', 'export { html as default };', /default export/],
  ['a class', 'store/sessions.ts', 'export class Sessions {}', /not an error/],
  ['a class with a parent', 'store/sessions.ts', 'class Sessions extends Map {}', /not an error/],
  ['a class without a name', 'store/sessions.ts', 'const Sessions = class {};', /not an error/],
  ['it is too long', 'desk/api.ts', 'work();\n'.repeat(250), /250 are the most/],
  ['a file outside every room', 'helpers/utils.ts', '', /no room/],
];

describe('the rules can fail', () => {
  it.for(samples)('when %s', ([, file, code, says]) => {
    expect(findingsOf(file, opening + code, [...packages, 'kysely', 'grammy']).join('\n')).toMatch(says);
  });

  it('when nothing says what a file is for', () => {
    expect(findingsOf('flow/walk.ts', 'const a = 1;\n', packages)).toEqual(['it does not open with one to four comment lines']);
  });

  it('and stay silent where all is well', () => {
    const good = [
      '// Never Date.now() here, nor Math.random: both come in.',
      "import type { Log } from '../log.ts';",
      "import { sign } from '../handoff/sign.ts';",
      '/** No class of its own, no process.env. */',
      "const covers = ['gate/*', 'needs'];",
      'const at = new Date(row.at).toISOString(); // not new Date()',
      'class Refused extends Error {}',
      `const page = html\`<p class="note">\${covers.length}</p>\`;`,
    ];
    expect(findingsOf('conversation/receive.ts', good.join('\n'), packages)).toEqual([]);
  });
});
