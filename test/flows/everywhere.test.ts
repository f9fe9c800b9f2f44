import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/flow/fold.ts';
import { options } from '../../src/flow/options.ts';
import { position } from '../../src/flow/position.ts';
import { programmeFacts } from '../../src/flow/programme.ts';
import { outcome } from '../../src/flow/rules.ts';
import type { Facts, Input, Session } from '../../src/flow/session.ts';
import { begin, step } from '../../src/flow/step.ts';
import { crisisIn, understand } from '../../src/flow/understand.ts';
import { render } from '../../src/text/render.ts';
import { placeValues } from '../../src/text/values.ts';
import { shippedContent } from '../support/talk.ts';

const content = await shippedContent();
const { flow, words, catalog } = content;
const programmes = programmeFacts([...content.programmes.values()]);
const facts = (bits: number): Facts => ({
  requestOpen: (bits & 1) > 0,
  childStaff: (bits & 2) > 0,
  protectionStaff: (bits & 4) > 0,
  programmes,
});
const buttons = { choices: 'buttons', maxText: 4096 } as const;
const numbers = { choices: 'numbers', maxText: 4096 } as const;

/** One way through the conversation: each number picks among what can be done at that question. */
function follow(
  way: number[],
  world: Facts,
  visit: (session: Session, effects: ReturnType<typeof step>['effects'], input: Input) => void,
): void {
  let state = step(flow, begin(flow, 'en', 1000), { kind: 'start' }, world);
  visit(state.session, state.effects, { kind: 'start' });
  for (const number of way) {
    const input = inputAt(state.session, world, number);
    const before = JSON.stringify(state.session);
    const next = step(flow, state.session, input, world);
    expect(JSON.stringify(state.session)).toBe(before);
    expect(step(flow, JSON.parse(before), input, world)).toEqual(next);
    state = next;
    visit(state.session, state.effects, input);
  }
}

const interrupts = ['help', 'language', 'human', 'urgent', 'stop', 'delete', 'back'] as const;

function inputAt(session: Session, world: Facts, number: number): Input {
  const here = position(flow, session, world);
  const codes = here.step === null ? [] : options(flow, session, here.step, here.known);
  // Mostly forwards, since the long ways are the interesting ones.
  const kind = number % 16;
  if (kind === 0) return { kind: 'interrupt', name: interrupts[(number >> 4) % interrupts.length] ?? 'help' };
  if (kind === 1) return { kind: 'unclear', why: 'words' };
  if (kind === 2) return { kind: 'message', ...(world.requestOpen && number > 2000 && flow.share !== undefined ? { at: flow.share } : {}) };
  if (here.step?.write) return { kind: 'written' };
  const code = codes[(number >> 4) % Math.max(1, codes.length)];
  if (code === undefined) return { kind: 'again' };
  return understand(flow, session, { kind: 'choice', stamp: session.asked.toString(36), code }, words, world).input;
}

const ways = fc.array(fc.nat(4095), { minLength: 1, maxLength: 45 });
const worlds = fc.nat(7).map(facts);

describe('wherever people go in the shipped conversation', () => {
  it('there is always a question or an end, and it is the one that walking leads to', () => {
    fc.assert(
      fc.property(ways, worlds, (way, world) => {
        follow(way, world, (session, effects) => {
          const asked = effects.findLast((effect) => effect.do === 'ask' || effect.do === 'mark');
          const here = position(flow, JSON.parse(JSON.stringify(session)), world);
          expect(asked?.do === 'ask' || asked?.do === 'mark' ? asked.step : null).toBe(here.step?.ref ?? null);
          if (here.step === null) expect(session.done).not.toBeNull();
        });
      }),
      { numRuns: 400 },
    );
  });

  it('a case opens only with a yes to its own kind, and a return case only after a clear gate', () => {
    fc.assert(
      fc.property(ways, worlds, (way, world) => {
        let before: Session | null = null;
        follow(way, world, (session, effects) => {
          for (const effect of effects) {
            if (effect.do !== 'open-case') continue;
            const given = effects.some((one) => one.do === 'record-consent' && one.field === effect.consent);
            expect(given || before?.answers[effect.consent]?.value === 'yes').toBe(true);
            const field = flow.fields[effect.consent];
            expect(field?.type === 'choice' && field.kind).toBe(effect.kind);
            if (effect.kind === 'return') expect(outcome({ ...before?.from.picks, ...before?.picks })).toBe('clear');
            else expect(effect.values).toEqual({});
          }
          before = session;
        });
      }),
      { numRuns: 400 },
    );
  });

  it('after an end no answer and no pick is left in the session', () => {
    fc.assert(
      fc.property(ways, worlds, (way, world) => {
        follow(way, world, (session) => {
          if (session.done === null) return;
          expect([session.picks, session.answers, session.from.picks]).toEqual([{}, {}, {}]);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('every message fits every channel in every language, with an option for every number', () => {
    const countries = [...content.programmes.keys()];
    fc.assert(
      fc.property(ways, worlds, fc.constantFrom(...flow.languages), fc.constantFrom(...countries), (way, world, lang, country) => {
        const values = {
          ...content.values(lang),
          country: 'Saint Vincent and the Grenadines',
          ...placeValues({ pack: content.programmes.get(country), catalog, lang, mode: 'demo', today: 0 }),
          organisation: 'W'.repeat(80),
          ref: 'WWW-WWW',
          days: '30',
        };
        follow(way, world, (session, effects) => {
          const told = { ...session, lang };
          const { known } = position(flow, told, world);
          for (const capabilities of [buttons, numbers])
            for (const message of render(effects, { flow, catalog, session: told, known, values, capabilities })) {
              expect(message.text.length).toBeLessThanOrEqual(700);
              expect(message.text).not.toMatch(/\{\{|undefined|\[object/);
              const answers = message.choices.filter((choice) => choice.kind === 'answer' || choice.kind === 'skip');
              expect(answers.length).toBeLessThanOrEqual(8);
              for (const choice of message.choices) {
                expect(Buffer.byteLength(choice.id)).toBeLessThanOrEqual(64);
                expect(choice.label.replace('✅ ', '').length, choice.label).toBeLessThanOrEqual(24);
              }
              expect(new Set(message.choices.map((choice) => choice.label)).size).toBe(message.choices.length);
            }
        });
      }),
      { numRuns: 250 },
    );
  });
});

describe('at every question, in every language', () => {
  /** One session at each waiting step that can be reached, with and without an open request. */
  const reached = new Map<string, { session: Session; world: Facts }>();
  // Two sessions at one question differ here when other ways lie open from there.
  const place = (session: Session, world: Facts) => {
    const { step: at, known } = position(flow, session, world);
    return [at?.ref, known['welcome/country'], known['welcome/topics'] === 'afraid', session.answers['agree-return'] !== undefined].join(
      ' ',
    );
  };
  for (const bits of [0, 1, 6, 7]) {
    const world = facts(bits);
    const seen = new Set<string>();
    const open = [step(flow, begin(flow, 'en', 1000), { kind: 'start' }, world).session];
    for (let session = open.shift(); session !== undefined; session = open.shift()) {
      const here = position(flow, session, world);
      const known = place(session, world);
      if (here.step === null || seen.has(known)) continue;
      seen.add(known);
      const key = `${here.step.ref} ${bits & 1}`;
      if (!reached.has(key)) reached.set(key, { session, world });
      const stamp = session.asked.toString(36);
      const codes = options(flow, session, here.step, here.known);
      const shown = here.step.pick === undefined ? codes : codes.filter((code) => ['by', 'us', 'af', 'skip'].includes(code));
      const taps = shown.flatMap((code) => {
        const { input } = understand(flow, session as Session, { kind: 'choice', stamp, code }, words, world);
        return input.kind === 'toggle' ? [{ kind: 'answer' as const, value: [input.value] }] : [input];
      });
      const more: Input[] = here.step.ask === 'number' ? [{ kind: 'answer', value: 'given' }] : [];
      // Typed by its name: Poland stands on a later page, and is the only one with a repeat window.
      if (here.step.pick !== undefined) more.push({ kind: 'answer', value: 'pl' });
      const desk: Input[] = world.requestOpen && flow.share !== undefined ? [{ kind: 'message', at: flow.share }] : [];
      const ways: Input[] = [...taps, ...desk, ...more, ...interrupts.map((name) => ({ kind: 'interrupt' as const, name }))];
      for (const input of ways) open.push(step(flow, session, input, world).session);
    }
  }

  it('the exploration reaches the whole conversation', () => {
    const waiting = Object.values(flow.steps).filter((one) => one.menu ?? one.ask ?? one.pick ?? one.review ?? one.write ?? one.language);
    const missed = waiting.map((one) => one.ref).filter((ref) => ![...reached.keys()].some((key) => key.startsWith(`${ref} `)));
    // What no shipped pack has: a partner who visits places of detention, and a repeat window.
    const packs = [...content.programmes.values()];
    const never = [
      ...(packs.some((one) => one.partnerVisits) ? [] : ['detained/offer']),
      ...(packs.some((one) => one.repeatWindowYears) ? [] : ['return/used-before']),
    ];
    expect(missed.filter((ref) => !never.includes(ref))).toEqual([]);
  });

  it('the seven interrupts work by every one of their words, but where the word answers the question', () => {
    expect([...words.interrupts.keys()].filter((word) => crisisIn(word, words) !== null)).toEqual([]);
    // That no crisis word stands before them is known now of every word; asked again at every question it takes half a minute.
    const calm = { ...words, crisis: [] };
    const missed = [...reached.values()].flatMap(({ session, world }) =>
      [...words.interrupts].flatMap(([word, name]) => {
        const { input } = understand(flow, session, { kind: 'text', text: word }, calm, world);
        return input.kind === 'interrupt' && input.name === name
          ? []
          : [{ word, name, at: position(flow, session, world).step?.ref ?? '' }];
      }),
    );
    const answers = ({ word, at }: (typeof missed)[number]) => flow.languages.some((lang) => words.labels(lang, at).has(fold(word)));
    expect(missed.filter((one) => !answers(one) || ['urgent', 'stop', 'delete'].includes(one.name))).toEqual([]);
    // The commands themselves, as people are told of them, are never taken for an answer.
    const told = flow.languages.flatMap((lang) => Object.values(content.catalog.tree(lang, 'interrupts') as Record<string, string[]>));
    expect(missed.filter(({ word }) => told.some(([first = '']) => fold(first) === word))).toEqual([]);
  });

  it('crisis words come before everything else', () => {
    for (const { session, world } of reached.values())
      for (const { group, phrases } of words.crisis) {
        const phrase = phrases[0] ?? '';
        expect(understand(flow, session, { kind: 'text', text: `x ${phrase}!` }, words, world).input).toMatchObject({
          name: 'urgent',
          group,
        });
      }
  });

  it('an option is understood by tap, by number in any script and by its label', () => {
    for (const { session, world } of reached.values()) {
      const here = position(flow, session, world);
      if (here.step === null || here.step.write) continue;
      for (const lang of flow.languages) {
        const told = { ...session, lang };
        const codes = options(flow, told, here.step, here.known);
        const [message] = render([{ do: 'ask', step: here.step.ref }], {
          flow,
          catalog,
          session: told,
          known: here.known,
          values: content.values(lang),
          capabilities: buttons,
        }).slice(-1);
        codes.forEach((code, i) => {
          const tap = understand(flow, told, { kind: 'choice', stamp: told.asked.toString(36), code }, words, world).input;
          const label = message?.choices[i]?.label.replace('✅ ', '') ?? '';
          const number = String(i + 1);
          const field = here.step?.ask === undefined ? undefined : flow.fields[here.step.ask];
          // A number at a question with several answers is the whole answer, a tap marks one.
          const byNumber = tap.kind === 'toggle' ? { kind: 'answer', value: [tap.value] } : tap;
          for (const text of [number, String.fromCodePoint(0x0660 + i + 1), `${number}\ufe0f\u20e3`, ` ${number}. `])
            if (field?.type !== 'phone')
              expect(understand(flow, told, { kind: 'text', text }, words, world).input, `${text} at ${here.step?.ref}`).toEqual(byNumber);
          if (!code.startsWith('~item'))
            expect(
              understand(flow, told, { kind: 'text', text: label }, words, world).input,
              `${label} at ${here.step?.ref} in ${lang}`,
            ).toEqual(tap);
        });
      }
    }
  });
});
