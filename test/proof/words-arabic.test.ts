// The same checks where a language has six plural forms, letters that are written in several ways, and lines that run
// from right to left: on a small set of flows, and on the shipped texts as soon as they speak Arabic.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkLocales } from '../../src/tool/locales.ts';
import { arabic } from '../support/arabic.ts';
import { shippedCopy } from '../support/content.ts';

type Files = { read(file: string): string; write(file: string, text: string): void };
type Spoil = (files: Files) => void;

const banned = 'نضمن لك';

async function small(spoil: Spoil): Promise<string[]> {
  const { flows, locales, remove } = arabic((files) => {
    files['locales/en/forbidden.json'] = JSON.stringify({ phrases: ['guarantee'], allowed: {} });
    files['locales/ar/forbidden.json'] = JSON.stringify({ phrases: [banned], allowed: {} });
    spoil({
      read: (file) => files[`locales/ar/${file}.json`] ?? '',
      write(file, text) {
        files[`locales/ar/${file}.json`] = text;
      },
    });
  });
  const { findings } = await checkLocales(flows, locales);
  remove();
  return findings.map((one) => one.replace(/^.*?\/locales\//, 'locales/'));
}

async function shipped(spoil: Spoil): Promise<string[]> {
  const copy = shippedCopy(['en', 'ar']);
  spoil({
    read: (file) => copy.read(`locales/ar/${file}.json`),
    write(file, text) {
      copy.change(`locales/ar/${file}.json`, copy.read(`locales/ar/${file}.json`), text);
    },
  });
  const { findings } = await checkLocales(copy.flows, copy.locales);
  copy.remove();
  return findings.map((one) => one.replace(/^.*?\/locales\//, 'locales/'));
}

/** Changes the tree of one file. */
const tree =
  (file: string, change: (texts: Record<string, never>) => void): Spoil =>
  (files) => {
    const texts = JSON.parse(files.read(file));
    change(texts);
    files.write(file, JSON.stringify(texts, null, 2));
  };

const speaks = /^languages: .*\bar\b/m.test(readFileSync('flows/common.yaml', 'utf8'));
const folders: [where: string, check: (spoil: Spoil) => Promise<string[]>, file: string, key: string][] = [
  ['a small set of flows', small, 'start', 'page'],
  ...(speaks ? [['the shipped texts', shipped, 'learn', 'avr'] as (typeof folders)[number]] : []),
];

describe.each(folders)('in the Arabic of %s the check of the texts finds', (_, check, file, key) => {
  const said = (change: (text: string) => string) =>
    tree(file, (texts: Record<string, Record<string, string>>) => {
      const say = texts['say'] ?? {};
      say[key] = change(say[key] ?? '');
    });

  it('a phrase that is never said, however its letters are written', async () => {
    const phrase = (files: Files): string => JSON.parse(files.read('forbidden')).phrases[0];
    let words = '';
    const findings = await check((files) => {
      words = phrase(files);
      // With a vowel sign after its first letter, as a careful writer may set it.
      said((text) => `${text} ${words.slice(0, 1)}\u064e${words.slice(1)}.`)(files);
    });
    const found = findings.find((one) => one.includes(`says "${words}"`));
    expect(found).toMatch(new RegExp(`^locales/ar/${file}\\.json:\\d+:\\d+: P21 ar ${file}\\.say\\.${key} says`));
  });

  it.each(['zero', 'one', 'two', 'few', 'many'])('that the plural form "%s" is missing', async (form) => {
    const findings = await check(
      tree('common', (texts) => {
        delete texts[`days_${form}`];
      }),
    );
    expect(findings.join('\n')).toMatch(
      new RegExp(
        `locales/ar/common\\.json:\\d+:\\d+: P18 days_${form} is missing: ar has the plural forms zero, one, two, few, many, other`,
      ),
    );
  });

  it('a text that turns the direction of writing by itself', async () => {
    const findings = await check(said((text) => `\u202e${text}`));
    expect(findings.join('\n')).toMatch(new RegExp(`P19 ar ${file}\\.say\\.${key} holds an override of direction`));
  });

  it('a label that is too long', async () => {
    const long = 'كلمة طويلة جدا لا تتسع لها الأزرار';
    const findings = await check(
      tree('common', (texts: Record<string, Record<string, string>>) => {
        (texts['buttons'] ?? {})['skip'] = long;
      }),
    );
    expect(findings.join('\n')).toMatch(
      new RegExp(`locales/ar/common\\.json:\\d+:\\d+: P19 ar label "${long}" has ${long.length} characters`),
    );
  });

  it('a command without an emoji', async () => {
    const findings = await check(
      tree('interrupts', (texts: Record<string, string[]>) => {
        texts['stop'] = (texts['stop'] ?? []).filter((word) => /\p{L}/u.test(word));
      }),
    );
    expect(findings.join('\n')).toMatch(/locales\/ar\/interrupts\.json:\d+:\d+: P8 ar interrupts: no emoji for stop/);
  });

  it('nothing of this where nothing is wrong', async () => {
    expect((await check(() => {})).filter((one) => / (P18|P21) .*(says|plural)/.test(one))).toEqual([]);
  });
});
