// Visits every state that can be reached, nearest first, so that the way to a finding is the shortest.
// It never samples: when there is too much to visit, that itself is a finding (P7).
import { type Position, position } from '../flow/position.ts';
import type { Session } from '../flow/session.ts';
import { begin, step, stepFrom } from '../flow/step.ts';
import { rawName } from './key.ts';
import { isEmpty, type Model, type Move, type Node } from './model.ts';
import { isPlain, type Way, waysFrom, waysInAnotherWorld } from './moves.ts';
import { type Leaf, type Standing, standings, worldName } from './standings.ts';
import { type Decided, inWords } from './worlds.ts';

export type Limits = { states: number; ms: number; now: () => number };
export type Watch = {
  move(move: Move, decided: Decided): void;
  /** The engine threw, at this question. */
  fault(node: Node, at: string, code: string, error: unknown, decided: Decided): void;
  /** Nothing more is wanted. */
  done(): boolean;
};
export type Explored = { states: number; transitions: number; stopped: 'states' | 'time' | null };

const looks: Way = { input: { kind: 'again' }, code: '(opens the chat again)' };
/** Any reply at all: where its question is gone, nobody looks at what it says. */
const replies: Way = { input: { kind: 'answer', value: 'yes' }, code: '(answers)', probe: true };

export function explore(model: Model, limits: Limits, watch: Watch): Explored {
  const { small, worlds } = model;
  const standing = standings(model);
  const named = new Set<string>();
  /** Sessions but for their tries, page and marks, and in which worlds and with which of those they were met. */
  const known = new Map<string, { stands: Standing; met: Set<string> }>();
  const open: Node[] = [];
  const twins: Node[] = [];
  const late = limits.now() + limits.ms;
  let transitions = 0;

  /** A state not met before is kept for a visit; of one that goes on like another only the way back is walked. */
  const arrive = (node: Node): boolean => {
    const raw = rawName(node);
    const before = known.get(raw) ?? { stands: standing(node.session, node.open), met: new Set() };
    const world = worldName(node.open, node.decided);
    const { tries, page, marked } = node.session;
    const rest = `${tries} ${page} ${marked}`;
    if (before.met.has(rest + world)) return false;
    if (before.met.size === 0) known.set(raw, before);
    before.met.add(rest + world);
    freeze(node.session);
    const name = `${rest} ${before.stands.names.get(world) ?? raw}`;
    if (named.has(name)) {
      if (!justAside(node)) twins.push(node);
      return false;
    }
    named.add(name);
    open.push(node);
    return true;
  };

  /** Takes one way in every world that agrees with `soFar`. */
  const go = (node: Node, before: Position, { input, code, probe }: Way, soFar: Decided, changed = false) =>
    worlds.every(
      node.open,
      (facts, decided) => {
        transitions += 1;
        try {
          const { session: after, effects } = stepFrom(small, node.session, before, input, facts, true);
          let here = before;
          let used = soFar;
          if (!sameKnown(node.session, after))
            used = worlds.usedBy(() => {
              here = position(small, after, facts);
            });
          const now = openAfter(node.open, effects);
          const fresh = probe !== true && arrive({ session: after, open: now, decided: used, from: node, code });
          watch.move({ node, input, code, facts, before, effects, after, here, open: now, changed, fresh }, decided);
        } catch (error) {
          watch.fault(node, before.step?.ref ?? '', code, error, decided);
        }
      },
      soFar,
    );

  const standsAt = (node: Node): Standing => known.get(rawName(node))?.stands ?? standing(node.session, node.open);

  const visit = (node: Node) => {
    const { places, placeIn, fault } = standsAt(node);
    if (fault !== null) watch.fault(node, '', '', fault.error, fault.decided);
    const own = placeIn.get(worldName(node.open, node.decided));
    for (const leaf of own?.leaves ?? []) for (const way of waysFrom(model, node, leaf.here)) go(node, leaf.here, way, leaf.decided);
    // The world may be another one at any time, and the desk may close the request: then that person stands elsewhere.
    const shown = own?.leaves[0]?.here.step;
    for (const place of isPlain(node) ? places : []) {
      const [leaf] = place.leaves;
      if (place === own || leaf === undefined) continue;
      const there: Node = { ...node, open: leaf.open, decided: leaf.decided, from: node, code: `(meanwhile: ${changes(node, leaf)})` };
      if (leaf.here.step !== null && leaf.here.step === shown) arrive(there);
      else {
        const ways = leaf.here.step === null ? [looks, ...waysInAnotherWorld(model, node, leaf.here)] : [looks];
        for (const way of [...ways, replies]) go(there, leaf.here, way, leaf.decided, true);
      }
    }
  };

  begun(model, arrive);
  for (let i = 0; i < open.length && !watch.done(); i += 1) {
    const stopped = open.length > limits.states ? 'states' : i % 16 === 0 && limits.now() > late ? 'time' : null;
    if (stopped !== null) return { states: open.length, transitions, stopped };
    visit(open[i] as Node);
    for (let twin = twins.pop(); twin !== undefined; twin = twins.pop())
      for (const leaf of standsAt(twin).placeIn.get(worldName(twin.open, twin.decided))?.leaves ?? [])
        go(twin, leaf.here, { input: { kind: 'interrupt', name: 'back' }, code: '(back)' }, leaf.decided);
  }
  return { states: open.length, transitions, stopped: null };
}

/** Walking such sessions leads to one place. */
const sameKnown = (one: Session, other: Session): boolean =>
  one.picks === other.picks &&
  one.answers === other.answers &&
  one.from === other.from &&
  one.detour === other.detour &&
  one.done === other.done;

const changes = (node: Node, leaf: Leaf): string =>
  [
    ...(node.open === leaf.open ? [] : ['the desk closes the request']),
    inWords(new Map([...leaf.decided].filter(([fact, holds]) => node.decided.get(fact) !== holds))),
  ]
    .filter((one) => one !== '')
    .join(', ');

/** Just led aside: the way back is to the place that person came from. */
const justAside = ({ session, from }: Node): boolean =>
  session.detour !== null && isEmpty(session.detour.picks) && from?.session.detour === null && from.session.picks === session.picks;

/** Somebody new, somebody whose chat has expired while their request is open, and everybody who follows a link. */
function begun({ small, worlds }: Model, arrive: (node: Node) => unknown): void {
  const nobody = begin(small, small.languages[0] ?? 'en', 0);
  for (const open of [false, true])
    for (const at of [undefined, ...small.links])
      worlds.every(open, (facts) => {
        const { session } = step(small, nobody, at === undefined ? { kind: 'start' } : { kind: 'start', at }, facts);
        const decided = worlds.usedBy(() => position(small, session, facts));
        const code = `(${at === undefined ? 'start' : `link ${at}`}${open ? ', a request is open' : ''})`;
        arrive({ session, open, decided, from: null, code });
      });
}

function openAfter(open: boolean, effects: Move['effects']): boolean {
  let now = open;
  for (const effect of effects) {
    if (effect.do === 'open-case') now = true;
    if (effect.do === 'withdraw' || effect.do === 'forget') now = false;
  }
  return now;
}

/** The engine must leave what it is given as it was; frozen, it cannot do otherwise in silence. */
function freeze(session: Session): void {
  for (const part of [session.from.picks, session.from, session.picks, session.answers, session.marked, session]) Object.freeze(part);
  if (session.detour !== null) Object.freeze(Object.freeze(session.detour).picks);
}
