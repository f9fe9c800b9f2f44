// What the rules of the proof look at: the flow made small without changing any way through it, one
// value per class, and every move a person can make from every place they can be in.
import type { Flow } from '../flow/definition.ts';
import type { Effect } from '../flow/effect.ts';
import type { Position } from '../flow/position.ts';
import type { Facts, Input, Kind, Known, Session, Value } from '../flow/session.ts';
import type { Words } from '../flow/understand.ts';
import { type Classes, classesOf } from './classes.ts';
import { type Notes, smallOf } from './small.ts';
import { type Decided, type Worlds, worldsOf } from './worlds.ts';

/** What is to be proved. `rank`: how soon a case would be read, 0 the soonest; comes in from case/priority.ts. */
export type Given = {
  flow: Flow;
  words: Words;
  where: (ref: string) => string;
  rank: (kind: Kind, consent: string, answers: Known) => number;
};

export type Model = Given &
  Notes & {
    /** As written. */
    flow: Flow;
    /** With short lists and few tries; notes which steps and branches are used. */
    small: Flow;
    /** Where everyday words lead. */
    topics: string[];
    /** Of those that only say something and then go the same way, one. */
    pages: string[];
    /** The same of the groups of crisis words. */
    groups: string[];
    classes: Classes;
    worlds: Worlds;
  };

/** A state: a session, whether a request is open, the facts its place depends on, and the shortest way there. */
export type Node = { session: Session; open: boolean; decided: Decided; from: Node | null; code: string };

export type Move = {
  node: Node;
  input: Input;
  code: string;
  facts: Facts;
  before: Position;
  effects: Effect[];
  after: Session;
  /** A fact is otherwise than when the person came here. */
  changed: boolean;
  /** Nobody was here before. */
  fresh: boolean;
  /** Where the new session stands, walked afresh. */
  here: Position;
  open: boolean;
};

/** The main question, which waits below a detour, is another one since it was last shown. */
export const mainMoved = ({ node: { session }, before }: Pick<Move, 'node' | 'before'>): boolean =>
  session.shown?.main !== undefined && before.main !== null && session.shown.main !== before.main.at;

/** A rule that is broken: at which step, field or path of common.yaml. */
export type Broken = { at: string; message: string };

/** A rule over single moves. `id`: as in docs/flows.md. */
export type MoveRule = { id: string; broken(model: Model, move: Move): Broken | null };
/** A rule over the files alone. */
export type FileRule = { id: string; broken(model: Model): Broken[] };

export function modelOf(given: Given): Model {
  const { flow } = given;
  const topics = [...new Set(given.words.topics.values())].filter((ref) => flow.steps[ref] !== undefined);
  const countries = flow.lists['countries'] ?? [];
  const notes = { reached: new Set<string>(), taken: new Set<string>() };
  const alike = (ref: string) => {
    const { ref: _, file, say: __, ...way } = flow.steps[ref] ?? { ref, file: '', say: [] };
    return JSON.stringify(way.next === undefined ? [ref] : [way, flow.private.includes(file)]);
  };
  const pages = [...new Map(topics.map((ref) => [alike(ref), ref])).values()];
  const words = Object.entries(flow.interrupts.urgent.byWord);
  const groups = [...new Map(words.map(([group, ref]) => [alike(ref), group])).values()];
  // Many a mistake is found without them.
  const classes = once(() => classesOf(flow, topics, worldsOf(countries, true).every));
  const small = once(() => smallOf(flow, classes(), notes));
  const worlds = once(() => worldsOf(small().lists['countries'] ?? []));
  return {
    ...given,
    ...notes,
    topics,
    pages,
    groups,
    get classes() {
      return classes();
    },
    get small() {
      return small();
    },
    get worlds() {
      return worlds();
    },
  };
}

const once = <T>(make: () => T): (() => T) => {
  let made: { it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
};

/** A yes that counts: a consent given to today's words. */
export const agreed = (flow: Flow, session: Session, field: string): boolean => {
  const given = session.answers[field];
  return given?.value === 'yes' && given.text !== undefined && given.text === flow.consentText[field]?.[given.lang ?? ''];
};

/** Consents said yes to, in whatever words. */
export const agreedTo = (flow: Flow, session: Session): string[] =>
  Object.keys(session.answers)
    .filter((field) => flow.fields[field]?.data === 'consent' && session.answers[field]?.value === 'yes')
    .sort();

export const consentKind = (flow: Flow, field: string | undefined): Kind | 'other' | null => {
  const found = field === undefined ? undefined : flow.fields[field];
  return found?.type === 'choice' && found.data === 'consent' ? (found.kind ?? 'other') : null;
};

/** What is known once this input is taken: the picks and answers before it and itself. */
export function knownAfter({ before, input }: Move): Known {
  const { step } = before;
  if (step === null || (input.kind !== 'answer' && input.kind !== 'written')) return before.known;
  return { ...before.known, [step.ask ?? step.ref]: input.kind === 'answer' ? input.value : 'written' };
}

export const codeOf = (value: Value): string => (value === null ? 'skip' : Array.isArray(value) ? value.join('+') : value);

export const says = (effects: Effect[], key: string): boolean => effects.some((effect) => effect.do === 'say' && effect.key === key);

export const isEmpty = (record: object): boolean => {
  for (const _ in record) return false;
  return true;
};
