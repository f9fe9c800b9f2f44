// How many cries for help are heard. The sentences in test/data/crisis were written as people say them, without
// looking at the phrase lists; the lists were then widened by kinds of phrases, so these figures flatter them.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crisisIn } from '../../src/flow/understand.ts';
import { makeTalk, shippedContent } from '../support/talk.ts';
import { toGate, walkTo } from '../support/ways.ts';

type Group = 'danger' | 'self-harm' | 'injury';
/**
 * Sentences apart, for honest figures. `unseen`: most avoid every plain word, as frightened people do; whoever widened
 * the lists never read them. `plain`: written by somebody who had read no list, then in view while lists were widened.
 * `last`: written after that; no list was touched since.
 */
type Apart = 'unseen' | 'plain' | 'last';
type Sentences = Record<Group | 'harmless', string[]> & Partial<Record<Apart, Record<Group, string[]>>>;

/** docs/safety.md, R22: of a hundred cries for help this many are heard, and this many harmless sentences may be taken for one. */
const leastRecall = 0.9;
const mostFalse = 0.1;

const { words, flow } = await shippedContent();
const groups = ['danger', 'self-harm', 'injury'] as const;

describe.each(flow.languages)('a cry for help in %s', (lang) => {
  const file = `test/data/crisis/${lang}.json`;

  it('has at least sixty everyday sentences to be measured with', () => {
    expect(existsSync(file), file).toBe(true);
    const data = JSON.parse(readFileSync(file, 'utf8')) as Sentences;
    expect(groups.flatMap((group) => data[group]).length).toBeGreaterThanOrEqual(60);
    for (const group of groups) expect(data[group].length, group).toBeGreaterThanOrEqual(20);
    expect(data.harmless.length).toBeGreaterThanOrEqual(40);
  });

  it('is heard nine times in ten, and everyday talk seldom taken for one', () => {
    const data = JSON.parse(readFileSync(file, 'utf8')) as Sentences;
    const missed: string[] = [];
    const figures = groups.map((group) => {
      const unheard = data[group].filter((sentence) => crisisIn(sentence, words) === null);
      missed.push(...unheard);
      const elsewhere = data[group].filter((sentence) => ![null, group].some((one) => one === crisisIn(sentence, words))).length;
      return `${group} ${data[group].length - unheard.length}/${data[group].length}${elsewhere > 0 ? ` (${elsewhere} on another screen)` : ''}`;
    });
    const alarms = data.harmless.filter((sentence) => crisisIn(sentence, words) !== null);
    const all = groups.flatMap((group) => data[group]).length;
    const recall = (all - missed.length) / all;
    const apart = (['unseen', 'plain', 'last'] as const).map((name) => {
      const sentences = groups.flatMap((group) => data[name]?.[group] ?? []);
      return `${name} ${sentences.filter((sentence) => crisisIn(sentence, words) !== null).length}/${sentences.length}`;
    });
    process.stdout.write(
      `crisis ${lang}: recall ${recall.toFixed(2)} (${figures.join(', ')}); false alarms ${alarms.length}/${data.harmless.length}; ${apart.join(', ')}\n`,
    );
    expect(recall, `not heard: ${missed.join(' | ')}`).toBeGreaterThanOrEqual(leastRecall);
    expect(alarms.length / data.harmless.length, `false alarms: ${alarms.join(' | ')}`).toBeLessThanOrEqual(mostFalse);
  });

  it('that no list hears is met with where urgent help is, and is taken for no answer', async () => {
    const data = JSON.parse(readFileSync(file, 'utf8')) as Sentences;
    const missed = groups.flatMap((group) => [...(data.unseen?.[group] ?? []), ...(data.last?.[group] ?? [])]);
    let told = 0;
    for (const sentence of missed.filter((one) => crisisIn(one, words) === null)) {
      const talk = await makeTalk();
      await walkTo(talk, [...toGate, 'me', 'adult', 'shelter']);
      const question = talk.buttons();
      await talk.says(sentence);
      expect(talk.answer(), sentence).toContain('In danger, hurt, or thinking of death? Send SOS.');
      expect(talk.buttons(), sentence).toEqual(question);
      told += 1;
    }
    process.stdout.write(`crisis ${lang}: ${told} cries in no list, ${told} told where urgent help is\n`);
  });
});
