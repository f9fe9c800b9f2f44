// What an operator may put into the folder by mistake or malice: each ends in a finding, soon.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { usualLimits } from '../../src/proof/prove.ts';
import { checkFlows, inWords } from '../../src/tool/flows.ts';
import { smallFolder } from '../support/small.ts';

async function told(spoil: (files: Record<string, string>) => void, limits = usualLimits): Promise<string> {
  const { flows, locales, remove } = smallFolder(spoil);
  try {
    return (await checkFlows(flows, locales, limits)).findings.map(inWords).join('\n');
  } finally {
    remove();
  }
}

/** A row of pages, each with its text, behind the one page of the small flows. */
function longRow(files: Record<string, string>, length: number): void {
  const rows = Array.from({ length }, (_, i) => `  p${i}: {say: [page], next: ${i === length - 1 ? 'resume' : `p${i + 1}`}}\n`);
  files['flows/start.yaml'] =
    `${files['flows/start.yaml']?.replace('learn: {say: [page], next: resume}', 'learn: {say: [page], next: p0}')}${rows.join('')}`;
}

describe('a folder that is wrong is told so, and nobody waits', () => {
  it('an empty folder', async () => {
    const { flows, locales, remove } = smallFolder();
    const empty = join(flows, 'nothing');
    mkdirSync(empty);
    expect((await checkFlows(empty, locales)).findings.map(inWords).join()).toMatch(/common\.yaml:1:1: P1 cannot be read/);
    expect((await checkFlows(join(flows, 'nowhere'), locales)).findings.length).toBeGreaterThan(0);
    remove();
  });

  it('a binary file', async () => {
    expect(await told((files) => (files['flows/aside.yaml'] = '\0\u0001\u0002'.repeat(1000)))).toMatch(
      /aside\.yaml:1:1: P1 is not a flow file/,
    );
  });

  it('a file of some megabytes', async () => {
    expect(await told((files) => (files['flows/aside.yaml'] = 'x'.repeat(3_000_000)))).toMatch(/aside\.yaml:1:1: P1 is not a flow file/);
  });

  it('aliases within aliases', async () => {
    const letters = [...'abcdefghij'];
    const bomb = letters
      .map(
        (letter, i) =>
          `${letter}: &${letter} [${Array(9)
            .fill(i === 0 ? 'x' : `*${letters[i - 1]}`)
            .join(',')}]`,
      )
      .join('\n');
    expect(await told((files) => (files['flows/bomb.yaml'] = bomb))).toMatch(/bomb\.yaml:1:1: P1 aliases are not allowed/);
  });

  it('an alias of itself', async () => {
    expect(await told((files) => (files['flows/loop.yaml'] = 'steps: &a\n  one: *a\n'))).toMatch(
      /loop\.yaml:1:1: P1 aliases are not allowed/,
    );
  });

  it('thousands of brackets', async () => {
    expect(await told((files) => (files['flows/deep.yaml'] = '['.repeat(50_000)))).toMatch(/deep\.yaml:\d+:\d+: P1/);
  });

  it('a key twice, and an unknown one', async () => {
    const found = await told((files) => {
      files['flows/aside.yaml'] = `${files['flows/aside.yaml']}  help: {say: [help], next: resume}\n`;
      files['flows/mine.yaml'] = `colour: red\n${files['flows/mine.yaml']}`;
    });
    expect(found).toMatch(/aside\.yaml:8:\d+: P1 .*unique/);
    expect(found).toMatch(/mine\.yaml:1:\d+: P1 .*unknown key/);
  });

  it('a folder in the place of a file', async () => {
    const { flows, locales, remove } = smallFolder();
    mkdirSync(join(flows, 'folder.yaml'));
    writeFileSync(join(flows, 'folder.yaml', 'x'), '');
    expect((await checkFlows(flows, locales)).findings.map(inWords).join()).toMatch(/folder\.yaml:1:1: P1 cannot be read/);
    remove();
  });

  it('ten thousand steps in a row', async () => {
    expect(await told((files) => longRow(files, 10_000))).toMatch(/common\.yaml:\d+:\d+: P7 \d+ steps; more than \d+ are not proved/);
  });

  it('a walk that is too long', async () => {
    expect(await told((files) => longRow(files, 300))).toMatch(/P3/);
  });

  it('more to visit than can be visited', async () => {
    const many = Array.from({ length: 16 }, (_, i) => i);
    const spoil = (files: Record<string, string>) => {
      // Sixteen questions that all decide one way: two to the sixteenth ways to stand before it.
      const menus = many.map((i) => `  m${i}: {menu: {a: m${i + 1}, b: m${i + 1}}}\n`).join('');
      const all = many.map((i) => `{start/m${i}: a}`).join(', ');
      const last = `  m16:\n    next:\n      - {when: {all: [${all}]}, to: learn}\n      - {to: learn}\n`;
      files['flows/start.yaml'] = `${files['flows/start.yaml']?.replace('ask: phone}', 'ask: m0}')}${menus}${last}`;
      for (const lang of ['en', 'fr']) {
        const file = `locales/${lang}/start.json`;
        const texts = JSON.parse(files[file] ?? '');
        for (const i of many) texts.steps[`m${i}`] = { ask: 'which?', options: { a: `a ${i}`, b: `b ${i}` } };
        files[file] = JSON.stringify(texts);
      }
    };
    expect(await told(spoil, { states: 1_000, ms: 60_000 })).toMatch(/common\.yaml:\d+:\d+: P7 more than 1000 states/);
    expect(await told(spoil, { states: 200_000, ms: 100 })).toMatch(/common\.yaml:\d+:\d+: P7 not proved within 0\.1 s/);
  });

  it('the limits are those of the design', () => {
    expect(usualLimits).toEqual({ states: 200_000, ms: 10_000 });
  });
});

describe('a folder of somebody else', () => {
  it('is proved like ours, and the path to a mistake is told in what a person taps', async () => {
    const found = await told(() => {});
    expect(found).toMatch(/aside\.yaml:4:3: P27 .*; path: \(start\) > \(urgent\)/);
  });
});
