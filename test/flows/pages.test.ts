// Every programme and operation of the sources has a page, near enough to be found by somebody in a hurry, and
// says honestly what is old, what is not ours, and what must not be said.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { options } from '../../src/flow/options.ts';
import { position } from '../../src/flow/position.ts';
import type { Session } from '../../src/flow/session.ts';
import { begin, step } from '../../src/flow/step.ts';
import { understand } from '../../src/flow/understand.ts';
import { leaves } from '../../src/text/tree.ts';
import { makeTalk, shippedContent } from '../support/talk.ts';
import { toTopics, walkTo } from '../support/ways.ts';

const content = await shippedContent();
const { flow, catalog, words } = content;
const facts = { requestOpen: false, programmes: {}, childStaff: true, protectionStaff: true };

/** Domain, section 2: topic to the pages that explain it. */
const topics: Record<string, string[]> = {
  T01: ['others.say.us-iom', 'others.say.us-you'],
  T02: ['others.say.us-offer'],
  T03: ['learn.say.guide', 'learn.say.guide-vision', 'learn.say.guide-principles'],
  T04: ['learn.say.avr', 'learn.say.avr-for', 'learn.say.change-mind', 'learn.say.steps'],
  T05: ['others.say.movement'],
  T06: ['others.say.evacuation', 'others.say.evacuation-you'],
  T07: ['others.say.humanitarian', 'others.say.humanitarian-how', 'others.say.humanitarian-you'],
  T08: ['others.say.repatriation', 'others.say.repatriation-you'],
  T09: ['others.say.stranded', 'others.say.stranded-why', 'others.say.stranded-you'],
  T10: ['others.say.resettlement', 'others.say.resettlement-where', 'others.say.resettlement-you'],
  T11: ['others.say.pathways', 'others.say.family', 'others.say.visas', 'others.say.sponsors', 'others.say.work', 'others.say.study'],
  T12: ['others.say.relocation', 'others.say.relocation-you'],
  T13: ['others.say.journey', 'others.say.journey-you'],
  T14: ['others.say.arrival', 'others.say.arrival-you', 'others.say.support'],
  T15: ['others.say.lasting', 'others.say.lasting-you', 'learn.say.again'],
  T16: ['others.say.checking', 'others.say.checking-you'],
  T17: ['others.say.border', 'others.say.belarus-past'],
  T18: ['others.say.airport', 'others.say.belarus-past'],
};
/** Domain, section 7. */
const questions: Record<string, string> = {
  'who can apply': 'learn.say.who',
  'how long': 'learn.say.time',
  cost: 'learn.say.cost',
  documents: 'learn.say.papers',
  'can I come back': 'learn.say.come-back',
  'will police know': 'learn.say.police',
  'another country': 'learn.say.other-country',
  luggage: 'learn.say.luggage',
  'who meets me': 'learn.say.arrival',
  money: 'learn.say.money',
  family: 'learn.say.family',
  'change my mind': 'learn.say.change-mind',
  'medical needs': 'learn.say.health',
  'is country X possible': 'learn.say.my-country',
  'effect on asylum': 'learn.say.asylum-case',
  'is this chat real': 'learn.say.real-check',
};

/** Text to the fewest taps from the topics at which it is shown. */
function nearness(): Map<string, number> {
  const found = new Map<string, number>();
  const at = (session: Session, code: string) =>
    step(flow, session, understand(flow, session, { kind: 'choice', stamp: session.asked.toString(36), code }, words, facts).input, facts);
  let session = step(flow, begin(flow, 'en', 7), { kind: 'start' }, facts).session;
  for (const code of toTopics) session = at(session, code).session;
  let open = [session];
  for (let taps = 1; taps <= 3; taps += 1)
    open = open.flatMap((from) => {
      const here = position(flow, from, facts);
      if (here.step === null) return [];
      return options(flow, from, here.step, here.known).map((code) => {
        const { session: after, effects } = at(from, code);
        for (const effect of effects)
          if (effect.do === 'say' && !found.has(`${effect.file}.say.${effect.key}`)) found.set(`${effect.file}.say.${effect.key}`, taps);
        return after;
      });
    });
  return found;
}

describe('from the topics, in at most three taps, a person finds', () => {
  const near = nearness();
  it.each(Object.entries(topics))('every page of %s', (_, texts) => {
    expect(texts.filter((text) => !near.has(text))).toEqual([]);
  });
  it.each(Object.entries(questions))('the answer to "%s"', (_, text) => {
    expect(near.get(text)).toBeLessThanOrEqual(3);
  });
  it('the ways there are, in no order, and whom to reach', () => {
    for (const text of ['others.say.ways', 'others.say.stay', 'others.say.asylum', 'others.say.return', 'learn.say.reach'])
      expect(near.has(text)).toBe(true);
  });
});

describe('an everyday word of any language opens', () => {
  const opens = new Set(
    [...words.topics.values()].flatMap((ref) => flow.steps[ref]?.say.map((key) => `${flow.steps[ref]?.file}.say.${key}`) ?? []),
  );
  it.each(Object.entries(questions))('the answer to "%s"', (_, text) => {
    expect(opens.has(text)).toBe(true);
  });
  it.each(flow.languages)('each of these pages in %s', (lang) => {
    const own = (catalog.tree(lang, 'topics') ?? {}) as Record<string, string[]>;
    const missing = Object.values(questions).filter(
      (text) =>
        !Object.entries(own).some(([ref, typed]) => typed.length > 0 && flow.steps[ref]?.say.some((key) => `learn.say.${key}` === text)),
    );
    expect(missing).toEqual([]);
  });
});

describe('every language says it honestly', () => {
  const texts = (lang: string) =>
    readdirFlows().flatMap((file) =>
      leaves(catalog.tree(lang, file) ?? {}).flatMap(([key, text]): [string, string][] =>
        typeof text === 'string' ? [[`${file}.${key}`, text]] : [],
      ),
    );
  const readdirFlows = () => [...new Set(Object.values(flow.steps).map((one) => one.file)), 'common'];

  it.each(flow.languages)('in %s no sum of money stands outside the one dated sentence', (lang) => {
    const money = /(?:\d[\d., \u202f]*\s*(?:dollars?|euros?|usd|eur|francs?|pounds?|€|\$))|(?:[€$£]\s*\d)/i;
    const found = texts(lang)
      .filter(([, text]) => money.test(text))
      .map(([key]) => key);
    expect(found.filter((key) => key !== 'others.say.us-offer')).toEqual([]);
  });

  it.each(flow.languages)('in %s what happened in Belarus carries its year', (lang) => {
    for (const key of ['border', 'airport', 'belarus-past']) expect(catalog.text(lang, 'others', `say.${key}`)).toContain('2021');
  });

  it.each(flow.languages)('in %s no text names the application of the US government as a way', (lang) => {
    expect(texts(lang).filter(([, text]) => /cbp/i.test(text))).toEqual([]);
  });
});

describe('embassies', () => {
  it('are shown on request alone, after the warning and the words "no fear"', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toTopics, 'other', 'danger', 'embassy']);
    expect(talk.answer()).toContain('Do not contact your embassy if you fear your government');
    expect(talk.answer()).not.toContain('Embassies and consulates:');
    await talk.taps('no-fear');
    expect(talk.answer()).toContain('Do not contact your embassy if you fear your government');
    expect(talk.answer()).toContain('Embassies and consulates:');
  });

  it('are not shown to somebody who skips or is afraid', async () => {
    for (const code of ['skip', 'afraid']) {
      const talk = await makeTalk();
      await walkTo(talk, [...toTopics, 'other', 'danger', 'embassy', code]);
      expect(talk.answer()).not.toContain('Embassies and consulates:');
    }
  });

  it('stand in no other list of contacts', () => {
    for (const text of Object.values(flow.steps).flatMap((one) => one.say.map((key) => [one.file, key] as const)))
      if (text.join() !== 'embassy,list') expect(catalog.text('en', text[0], `say.${text[1]}`)).not.toContain('{{embassies}}');
  });
});

describe('a person who is afraid while reading', () => {
  it('comes to protection by the safe-phone question, and no gate question is asked', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toTopics, 'other', 'danger', 'afraid', 'yes']);
    expect(talk.answer()).toContain('safe to write on this phone');
    await talk.taps('yes');
    expect(talk.answer()).toContain('Your safety comes first');
  });

  it('and one who wants help to return comes to the gate, never past it', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toTopics, 'other', 'danger', 'return', 'yes', 'questions']);
    expect(talk.answer()).toContain('Who needs help?');
  });
});

it('the sources file says for each fact who said it and when', () => {
  const sources = JSON.parse(readFileSync('locales/sources.json', 'utf8')) as Record<string, { date: string }>;
  expect(Object.keys(sources).length).toBeGreaterThan(30);
});
