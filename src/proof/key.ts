// The name of a state. Two states with one name go on alike, whatever is tapped but BACK: what lies behind
// is named only as far as some step ahead looks it up. The way back is then walked for each of them.
import { reads } from '../flow/condition.ts';
import type { Flow } from '../flow/definition.ts';
import type { Position } from '../flow/position.ts';
import type { Known, Session } from '../flow/session.ts';
import type { Walk } from '../flow/walk.ts';
import { type Classes, rulesIn } from './classes.ts';
import { detours, readBy, untilAsked, within } from './graph.ts';
import { agreedTo, isEmpty, type Model, type Node } from './model.ts';
import { type Residue, residueOf } from './residue.ts';

/** `here`: where the session stands. */
export type Namer = (node: Node, here: Position) => string;

/** Steps that may still come, what they look up, whether many picks together, and the consents of cases the next answer may open. */
type Ahead = { steps: ReadonlySet<string>; items: string[]; facts: ReadonlySet<string>; together: boolean };

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
  const onMain = aheadOnMain(model, residue);
  const onDetour = aheadOnDetour(model, residue);

  /** One walk in one world, as far as it matters from here on. */
  const walkName = (walk: Walk, known: Known, { steps, items, together }: Ahead): string => {
    let name = `${walk.at}${together ? residue.of(known) : ''}`;
    for (const one of walk.passed) if (steps.has(one.step)) name += ` ${one.step}`;
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
    const waiting = [...Object.keys(session.picks), ...Object.keys(session.answers)].filter((item) => !passed.has(item));
    return `${name} ${pairs(known)} ${Object.keys(session.from.picks).filter((item) => covered.has(item))} ~ ${waiting.sort().map((item) => `${item}=${session.picks[item] ?? session.answers[item]?.value}`)}`;
  };

  return ({ session, open, decided }, { main, detour: walk, known }) => {
    const rest = `${open} ${session.done} ${session.tries} ${session.page} ${session.marked}`;
    const about = (facts: ReadonlySet<string>) => [...decided].filter(([fact]) => facts.has(general(fact, flow))).join(';');
    if (walk === null)
      return `${rest} ${mainName(session, main, main?.known ?? session.from.picks)} ${about(onMain(main?.at ?? '').facts)}`;
    const ahead = onDetour(walk.at ?? '');
    return `${rest} (${walkName(walk, known, ahead)}) ${about(ahead.facts)} ${agreedTo(flow, session)}`;
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
      handsOff: [],
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

/** The fact without the name of the country. */
const general = (fact: string, flow: Flow): string => {
  const words = fact.split(' ');
  return words
    .map((word) => (flow.lists['countries']?.includes(word) && (word === words[0] || word === words.at(-1)) ? 'the country' : word))
    .join(' ');
};

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

/** The session itself as text. */
export const rawName = ({ session: { done, from, picks, answers, tries, page, marked, detour }, open }: Node, facts: string): string => {
  const given = Object.keys(answers).sort();
  const aside = detour === null ? '' : `${detour.at} ${pairs(detour.picks)}`;
  return `${open} ${facts} ${done} ${tries} ${page} ${marked} ${aside} ${from.step} ${pairs(from.picks)} ${pairs(picks)} ${given.map((name) => `${name}=${answers[name]?.value}`)}`;
};

const pairs = (record: Record<string, unknown>): string =>
  isEmpty(record)
    ? ''
    : Object.keys(record)
        .sort()
        .map((ref) => `${ref}=${record[ref]}`)
        .join();
