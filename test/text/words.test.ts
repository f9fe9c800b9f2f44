// What a phrase in crisis.json can hear besides itself: words between, pieces of words, either of several.
import { afterAll, describe, expect, it } from 'vitest';
import { crisisIn } from '../../src/flow/understand.ts';
import { loadContent } from '../../src/text/content.ts';
import { smallFolder } from '../support/small.ts';

const folder = smallFolder((files) => {
  files['locales/en/crisis.json'] = JSON.stringify({
    danger: ['not let * go', '-قتلني', 'ماسك/حاجز- -باب-', 'a gun?', 'self-made bomb'],
  });
});
const content = await loadContent(folder.flows, folder.locales, 'demo');
if ('findings' in content) throw new Error(content.findings.join('\n'));
afterAll(() => folder.remove());

describe('a phrase of crisis', () => {
  it.each([
    ['up to three words between', 'he does not let my little sister go'],
    ['small words written onto a word', 'بيقتلني'],
    ['the future written onto a word', 'هيقتلني الليلة'],
    ['"and" written onto the first word', 'جاي وقتلني'],
    ['either of two words', 'ماسك الباب'],
    ['the other, with an ending', 'حاجزين بابنا'],
    ['signs that mean something to a pattern, as words', 'a gun'],
    ['a hyphen inside a word', 'a self made bomb'],
    ['a key held down', 'بيقتلنيييييي'],
  ])('hears %s', (_, said) => {
    expect(crisisIn(said, content.words)).toBe('danger');
  });

  it.each([
    ['four words between', 'he does not let my two little sisters go'],
    ['a piece that was not marked', 'قتل الوقت'],
    ['more than four letters before it', 'استمتعوايقتلني'],
    ['another word before', 'قافل الباب'],
    ['half of it', 'not let'],
  ])('does not hear %s', (_, said) => {
    expect(crisisIn(said, content.words)).toBe(null);
  });
});
