// A release and what comes after it: who is asked what again, and what must never happen to somebody in
// the middle of a conversation.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../src/flow/definition.ts';
import { rehearse } from '../../src/proof/rehearse.ts';
import { type Content, loadContent } from '../../src/text/content.ts';
import { kept, releasedFlow } from '../../src/tool/rehearse.ts';
import { smallFolder } from '../support/small.ts';
import { shippedContent } from '../support/talk.ts';

type Spoil = (files: Record<string, string>) => void;
const replace =
  (...changes: [file: string, from: string, to: string][]): Spoil =>
  (files) => {
    for (const [file, from, to] of changes) {
      const text = files[file];
      if (!text?.includes(from)) throw new Error(`${file} has no ${from}`);
      files[file] = text.replaceAll(from, to);
    }
  };

async function contentOf(spoil?: Spoil): Promise<Content> {
  const folder = smallFolder(spoil);
  const content = await loadContent(folder.flows, folder.locales, 'demo');
  folder.remove();
  if ('findings' in content) throw new Error(content.findings.join('\n'));
  return content;
}
const release = async (): Promise<Flow> => releasedFlow(kept((await contentOf()).flow));

async function upgrade(spoil: Spoil) {
  const { flow, where } = await contentOf(spoil);
  const { findings, states, asked } = rehearse(await release(), flow, where);
  return {
    states,
    said: findings.map((one) => `${one.where.replace(/^.*\/flows\//, 'flows/')}: ${one.rule} ${one.message}`),
    asked: asked.map(({ from, to }) => `${from} -> ${to}`),
  };
}

/** `needs` becomes `wants` in flows and locales. */
const renamed: Spoil = replace(
  ['flows/common.yaml', 'needs', 'wants'],
  ['flows/start.yaml', 'needs', 'wants'],
  ['locales/en/start.json', '"needs"', '"wants"'],
  ['locales/fr/start.json', '"needs"', '"wants"'],
);
const moved = (text: string): Spoil => replace(['flows/common.yaml', 'promises:', `moved: ${text}\npromises:`]);
const both =
  (...spoils: Spoil[]): Spoil =>
  (files) => {
    for (const spoil of spoils) spoil(files);
  };

describe('after an upgrade', () => {
  it('that changes nothing, everybody is asked what they were asked', async () => {
    const { said, asked, states } = await upgrade(() => {});
    expect([said, asked]).toEqual([[], []]);
    expect(states).toBeGreaterThan(100);
  });

  it('a field and a step with new names keep their answer, if the change is written down', async () => {
    const { said, asked } = await upgrade(both(renamed, moved('{needs: wants, start/needs: start/wants}')));
    expect([said, asked]).toEqual([[], []]);
  });

  it('a consent that covers more is a new version', async () => {
    const { said } = await upgrade(
      replace(
        ['flows/common.yaml', '[start/country, needs]', '[start/country, needs, number]'],
        ['locales/en/start.json', '"ask": "number?"', '"ask": "number?", "title": "Number"'],
        ['locales/fr/start.json', '"ask": "number? fr"', '"ask": "number? fr", "title": "Number fr"'],
      ),
    );
    expect(said).toEqual([expect.stringMatching(/^flows\/common\.yaml:12:3: P23 the consent agree covers something else than released/)]);
  });

  it('and if it is not written down, it is found', async () => {
    const { said } = await upgrade(both(renamed, replace(['flows/common.yaml', 'version: 1', 'version: 2'])));
    expect(said).toEqual([
      expect.stringMatching(/^flows\/common\.yaml:\d+:\d+: P23 the field needs of version 1 is gone/),
      expect.stringMatching(/^flows\/common\.yaml:\d+:\d+: P23 the step start\/needs of version 1 is gone/),
    ]);
  });

  it('a new question is asked of everybody who comes by it, and takes nothing from them', async () => {
    const { said, asked } = await upgrade(
      both(
        replace(
          ['flows/common.yaml', 'version: 1', 'version: 2'],
          ['flows/common.yaml', '[start/country, needs]', '[start/country, needs, hours]'],
          ['flows/common.yaml', '  number:', '  hours: {type: choice, values: [early, late], data: personal, keep: 30d}\n  number:'],
          [
            'flows/start.yaml',
            'needs: {ask: needs, next: number}',
            'needs: {ask: needs, next: hours}\n  hours: {ask: hours, next: number}',
          ],
        ),
        (files) => {
          for (const lang of ['en', 'fr']) {
            const name = `locales/${lang}/start.json`;
            const tree = JSON.parse(files[name] ?? '{}');
            tree.steps.hours = { ask: 'hours?', title: 'Hours', options: { early: 'early', late: 'late' } };
            files[name] = JSON.stringify(tree);
          }
        },
      ),
    );
    expect(said).toEqual([]);
    expect(asked).toEqual(expect.arrayContaining(['start/number -> start/hours', 'start/recap -> start/hours']));
  });

  it('an option that was dropped is asked again of those who chose it, and of nobody else', async () => {
    const { said, asked } = await upgrade(
      replace(
        ['flows/common.yaml', 'values: [health, baby, none]', 'values: [health, none]'],
        ['locales/en/start.json', '"baby": "baby",', ''],
        ['locales/fr/start.json', '"baby": "baby fr",', ''],
      ),
    );
    expect(said).toEqual([]);
    expect(asked).toEqual(['start/number -> start/needs']);
  });

  it('a question that is gone is passed over, if that is written down', async () => {
    const without = replace(
      ['flows/common.yaml', 'version: 1', 'version: 2'],
      ['flows/common.yaml', '[start/country, needs]', '[start/country]'],
      ['flows/common.yaml', '  needs: {type: choices, values: [health, baby, none], none: none, data: sensitive, keep: 30d}\n', ''],
      ['flows/start.yaml', '- {when: {agree: yes}, to: needs}', '- {when: {agree: yes}, to: number}'],
      ['flows/start.yaml', '  needs: {ask: needs, next: number}\n', ''],
    );
    const texts: Spoil = (files) => {
      for (const lang of ['en', 'fr']) {
        const name = `locales/${lang}/start.json`;
        const tree = JSON.parse(files[name] ?? '{}');
        delete tree.steps.needs;
        files[name] = JSON.stringify(tree);
      }
    };
    const { said, asked } = await upgrade(both(without, texts, moved('{needs: gone, start/needs: gone}')));
    expect(said).toEqual([]);
    expect(asked).toEqual(['gone -> start/number']);
  });

  it('nobody loses answers because a way now begins anew', async () => {
    const { said } = await upgrade(replace(['flows/start.yaml', 'needs: {ask: needs, next: number}', 'needs: {ask: needs, next: unsafe}']));
    expect(said.join('\n')).toMatch(/people waiting at start\/number lose what they chose at agree/);
  });

  it('a line under moved must lead somewhere, and away from what is gone', async () => {
    const { said } = await upgrade(moved('{start/learn: start/unsafe, old: start/nowhere}'));
    expect(said.join('\n')).toMatch(/moved: start\/learn still exists/);
    expect(said.join('\n')).toMatch(/moved: old leads to start\/nowhere, which does not exist/);
  });
});

describe('the shipped flows', () => {
  it('lead everybody on who is in the middle of the last release', async () => {
    const { flow, where } = await shippedContent();
    const { findings, states } = rehearse(releasedFlow(readFileSync('flows/released.json', 'utf8')), flow, where);
    expect(findings).toEqual([]);
    expect(states).toBeGreaterThan(10_000);
  });
});
