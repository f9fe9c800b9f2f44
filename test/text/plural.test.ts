import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pluralForm, pluralForms } from '../../src/text/plural.ts';

describe('a number in a text', () => {
  it.each([
    ['en', 1, 'one'],
    ['en', 30, 'other'],
    ['fr', 0, 'one'],
    ['ar', 2, 'two'],
    ['ar', 14, 'many'],
    ['ru', 3, 'few'],
    ['vi', 1, 'other'],
    ['ht', 1, 'other'],
    ['ht', 30, 'other'],
  ])('in %s, %i has the form %s', (lang, count, form) => {
    expect(pluralForm(lang, count)).toBe(form);
    expect(pluralForms(lang)).toContain(form);
  });

  it('has the same forms whatever language the server is set to', () => {
    const script = `import { pluralForm, pluralForms } from ${JSON.stringify(new URL('../../src/text/plural.ts', import.meta.url).href)};
      const all = ['ht', 'ar', 'fr', 'prs', 'kmr', 'ti'];
      process.stdout.write(JSON.stringify([new Intl.PluralRules().resolvedOptions().locale, all.map((lang) => [pluralForms(lang), [0, 1, 2, 5, 30].map((n) => pluralForm(lang, n))])]));`;
    const [arabic, french] = ['ar_EG.UTF-8', 'fr_FR.UTF-8'].map((LC_ALL) => {
      const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { PATH: process.env['PATH'], LC_ALL, LANG: LC_ALL },
      });
      return JSON.parse(run.stdout.toString()) as [string, unknown];
    });
    expect([arabic?.[0].slice(0, 2), french?.[0].slice(0, 2)]).toEqual(['ar', 'fr']);
    expect(arabic?.[1]).toEqual(french?.[1]);
  });
});
