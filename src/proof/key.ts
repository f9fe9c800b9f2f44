// The name of a state. Two states with one name go on alike, whatever is tapped but BACK: what lies behind
// is named only as far as some step ahead looks it up. The way back is then walked for each of them.
import { reads } from '../flow/condition.ts';
import type { Flow } from '../flow/definition.ts';
import { only } from '../flow/only.ts';
import type { Position } from '../flow/position.ts';
import type { Known, Session } from '../flow/session.ts';
import type { Walk } from '../flow/walk.ts';
import { type Classes, rulesIn } from './classes.ts';
import { detours, readBy, untilAsked, within } from './graph.ts';
import { agreedTo, type Model, type Node } from './model.ts';
import { type Residue, residueOf } from './residue.ts';
import type { Decided } from './worlds.ts';

/** `here`: where the session stands in this world. `about`: what of this world may be asked for again from there on. */
export type Namer = (session: Session, open: boolean, decided: Decided, here: Position) => { name: string; about: Decided };

/**
 * Steps that may still come, what they look up, whether many picks together. `reading`: nothing that is looked up can be
 * picked there, so that coming to a menu again is like coming to it first: it waits, and nothing that counts is dropped.
 */
type Ahead = { steps: ReadonlySet<string>; items: string[]; facts: ReadonlySet<string>; together: boolean; reading: boolean };

export function namer(model: Model): Namer {
  const { flow } = model;
  const residue = residueOf(flow, model.classes);
  const covered = new Set(Object.values(flow.fields).flatMap((field) => (field.type === 'choice' ? (field.covers ?? []) : [])));
  const recap = new Map<string, boolean>();
  const recapAhead = (at: string): boolean => {
    const before = recap.get(at);
    if (before !== undefined) return before;
    const ahead = [...within(flow, at)].some((ref) => flow.steps[ref]?.review);
    recap.set(at, ahead);
    return ahead;
  };
  const asked = new Map(Object.values(flow.steps).map((step) => [step.ask ?? step.ref, step.ref]));
  const fromEntry = within(flow, flow.entry, flow.home);
  /** Items that a recap may drop, that somebody looks up, or that decide a way from here or from the beginning. */
  const later = (at: string) => {
    const { steps, items } = onMain(at);
    const ways = (item: string) => steps.has(asked.get(item) ?? '') || fromEntry.has(asked.get(item) ?? '');
    return (item: string) => flow.fields[item] !== undefined || ways(item) || items.includes(item) || residue.items.has(item);
  };
  const countries = new Set(flow.lists['countries'] ?? []);
  const generals = new Map<string, string>();
  /** The fact without the name of the country. */
  const general = (fact: string): string => {
    const before = generals.get(fact);
    if (before !== undefined) return before;
    const words = fact.split(' ');
    const inGeneral = words.map((word) => (countries.has(word) && (word === words[0] || word === words.at(-1)) ? 'the country' : word));
    generals.set(fact, inGeneral.join(' '));
    return inGeneral.join(' ');
  };
  const onMain = aheadOnMain(model, residue);
  const onDetour = aheadOnDetour(model, residue);

  /** One walk in one world, as far as it matters from here on. */
  const walkName = (walk: Walk, known: Known, { steps, items, together, reading }: Ahead): string => {
    let name = `${walk.at}${together ? residue.of(known) : ''}`;
    if (!reading) for (const one of walk.passed) if (steps.has(one.step)) name += ` ${one.step}`;
    for (const item of items) if (known[item] !== undefined) name += ` ${item}=${known[item]}`;
    return name;
  };

  const mainName = (session: Session, main: Walk | null, known: Known): string => {
    const agreed = agreedTo(flow, session);
    if (main === null) return pairs(known);
    const name = `${agreed} ${walkName(main, known, onMain(main.at ?? ''))}`;
    if (agreed.length === 0 || !recapAhead(main.at ?? '')) return name;
    // A recap may drop anything and ask it again with all that follows still known, and what is carried by beginning again.
    const passed = new Set(main.passed.map((one) => one.key));
    const matters = later(main.at ?? '');
    const waiting = [...Object.keys(session.picks), ...Object.keys(session.answers)].filter((item) => !passed.has(item) && matters(item));
    const held = only(known, matters);
    return `${name} ${pairs(held)} ${Object.keys(session.from.picks).filter((item) => covered.has(item))} ~ ${waiting.sort().map((item) => `${item}=${session.picks[item] ?? session.answers[item]?.value}`)}`;
  };

  return (session, open, decided, { main, detour: walk, known }) => {
    const rest = `${open} ${session.done !== null}`;
    const about = (facts: ReadonlySet<string>) => new Map([...decided].filter(([fact]) => facts.has(general(fact))));
    if (walk === null)
      return {
        name: `${rest} ${mainName(session, main, main?.known ?? session.from.picks)}`,
        about: about(onMain(main?.at ?? '').facts),
      };
    const ahead = onDetour(walk.at ?? '');
    return { name: `${rest} (${walkName(walk, known, ahead)}) ${agreedTo(flow, session)}`, about: about(ahead.facts) };
  };
}

/** On the main walk every detour may begin too, and `resume` leads home. */
function aheadOnMain({ flow, topics, classes }: Model, residue: Residue): (at: string) => Ahead {
  const besides = new Set(detours(flow, topics).flatMap((ref) => [...within(flow, ref)]));
  const aside = readBy(flow, besides);
  const promised = flow.promises.flatMap((promise) => reads(promise.when));
  return remembered((at) => {
    const steps = within(flow, at, flow.home);
    const items = new Set([...readBy(flow, steps), ...aside, ...flow.carry, ...promised]);
    return {
      steps,
      items: [...items].filter((item) => !residue.items.has(item)).sort(),
      facts: factsFor(flow, classes, [...steps, ...besides]),
      together: true,
      reading: false,
    };
  });
}

/** A detour sees only what its own steps look up; `resume` ends it. */
function aheadOnDetour({ flow, classes }: Model, residue: Residue): (at: string) => Ahead {
  return remembered((at) => {
    const steps = within(flow, at);
    const inside = [...steps].flatMap((ref) => flow.steps[ref] ?? []);
    const handsOff = [...untilAsked(flow, at)].some((ref) => flow.steps[ref]?.handoff !== undefined);
    const restarts = inside.some((step) => step.restart !== undefined);
    const items = [...new Set([...readBy(flow, steps), ...(restarts ? flow.carry : [])])];
    return {
      steps,
      items: items.filter((item) => !residue.items.has(item)).sort(),
      // What a case would hold counts only as far as a promise or rule looks at it.
      together: handsOff || items.some((item) => residue.items.has(item)),
      facts: factsFor(flow, classes, steps),
      reading: inside.every((step) => step.ask === undefined && !step.review && !items.includes(step.ref)),
    };
  });
}

const factsFor = (flow: Flow, classes: Classes, steps: Iterable<string>): Set<string> =>
  new Set(
    [...steps].flatMap((ref) =>
      (flow.steps[ref]?.next ?? []).flatMap((branch) =>
        branch.when === undefined ? [] : rulesIn(branch.when).flatMap((rule) => [...classes.factsOf(rule)]),
      ),
    ),
  );

function remembered(make: (at: string) => Ahead): (at: string) => Ahead {
  const made = new Map<string, Ahead>();
  return (at) => {
    const before = made.get(at);
    if (before !== undefined) return before;
    const ahead = make(at);
    made.set(at, ahead);
    return ahead;
  };
}

/** The session itself as text, but for what changes no place: tries, page and marks. */
export const rawName = ({ session: { done, from, picks, answers, detour }, open }: Node): string => {
  const aside = detour === null ? '' : `${detour.at} ${pairs(detour.picks)}`;
  return `${open} ${done !== null} ${aside} ${from.step} ${pairs(from.picks)} ${pairs(picks)} ${pairs(answers)}`;
};

/** Most moves leave most of a session as it is. */
const texts = new WeakMap<object, string>();

function pairs(record: Record<string, unknown>): string {
  const before = texts.get(record);
  if (before !== undefined) return before;
  const held = (value: unknown) => (typeof value === 'object' && value !== null && 'value' in value ? value.value : value);
  const text = Object.keys(record)
    .sort()
    .map((ref) => `${ref}=${held(record[ref])}`)
    .join();
  texts.set(record, text);
  return text;
}
