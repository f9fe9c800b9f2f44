// All ways through the conversation that go on without help words: who answers what, where it leads, what
// is shown. For people to look at and for the rehearsal of upgrades; the proof itself walks more than this.
import { reads } from '../flow/condition.ts';
import type { Flow, Step } from '../flow/definition.ts';
import type { Effect } from '../flow/effect.ts';
import { position } from '../flow/position.ts';
import type { Facts, Session, Value } from '../flow/session.ts';
import { begin, step } from '../flow/step.ts';
import { classesOf, valuesAt } from './classes.ts';
import { worldsOf } from './worlds.ts';

/** A place somebody can be at, reached first by the fewest taps. */
export type Place = {
  session: Session;
  facts: Facts;
  /** What was shown on arrival. */
  effects: Effect[];
  /** The question that waits; null at an end. */
  at: Step | null;
  from: Place | null;
  /** The option taken there. */
  code: string;
  key: string;
};

/** `effects`: what is shown on this way to a place that may be known already. */
export type Arc = { from: Place; to: Place; value: Value; session: Session; effects: Effect[] };
export type Ways = { places: Place[]; arcs: Arc[] };

/** One value of each class at a step, and all of them. */
export type Choices = { apart(step: Step): Value[]; all(step: Step): Value[] };

export function choicesOf(flow: Flow): Choices {
  const classes = classesOf(flow, [], worldsOf(flow.lists['countries'] ?? [], true).every);
  return {
    apart: (at) => classes.at(at),
    all: (at) => valuesAt(flow, at),
  };
}

export const codeOf = (value: Value): string => (value === null ? 'skip' : Array.isArray(value) ? value.join('+') : value);

const most = 60_000;

/** Every place from the first message on, in each of these worlds, nearest first. */
export function waysOf(flow: Flow, choices: Choices, worlds: Facts[]): Ways {
  const places: Place[] = [];
  const arcs: Arc[] = [];
  for (const facts of worlds) {
    const known = new Map<string, Place>();
    const open: Place[] = [];
    const add = (session: Session, effects: Effect[], from: Place | null, code: string): Place => {
      const key = keyOf(session);
      const before = known.get(key);
      if (before !== undefined) return before;
      const place = { session, facts, effects, at: position(flow, session, facts).step, from, code, key };
      known.set(key, place);
      open.push(place);
      return place;
    };
    const begun = step(flow, begin(flow, flow.languages[0] ?? 'en', 0), { kind: 'start' }, facts);
    add(begun.session, begun.effects, null, '');
    for (let i = 0; i < open.length; i += 1) {
      const from = open[i] as Place;
      if (from.at === null) continue;
      for (const value of from.at.write ? ['written'] : choices.apart(from.at)) {
        const input = from.at.write ? ({ kind: 'written' } as const) : ({ kind: 'answer', value } as const);
        const { session, effects } = step(flow, from.session, input, facts);
        // After a request has been opened the world is another one.
        if (effects.some((effect) => effect.do === 'open-case')) {
          const to: Place = { session, facts, effects, at: null, from, code: codeOf(value), key: `${from.key} sent` };
          arcs.push({ from, to, value, session, effects });
          places.push(to);
        } else arcs.push({ from, to: add(session, effects, from, codeOf(value)), value, session, effects });
      }
      if (places.length + open.length > most) throw new Error('more ways than can be drawn');
    }
    places.push(...open);
  }
  return { places, arcs };
}

const sorted = (record: object): [string, unknown][] => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
const keyOf = ({ from, picks, answers, detour, done, lang }: Session): string =>
  JSON.stringify([lang, from.step, sorted(from.picks), sorted(picks), sorted(answers), detour, done]);

/** From the first message to this place. */
export function wayTo(place: Place): Place[] {
  const way: Place[] = [];
  for (let at: Place | null = place; at !== null; at = at.from) way.unshift(at);
  return way;
}

/** Which steps and named rules look at a field or pick. */
export function readersOf(flow: Flow, item: string): string[] {
  return Object.values(flow.steps)
    .filter((one) => (one.next ?? []).some(({ when }) => when !== undefined && reads(when).includes(item)))
    .map((one) => one.ref);
}
