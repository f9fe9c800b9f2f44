// Visits every state that can be reached, nearest first, so that the way to a finding is the shortest.
// It never samples: when there is too much to visit, that itself is a finding (P7).
import { type Position, position } from '../flow/position.ts';
import type { Session } from '../flow/session.ts';
import { begin, step } from '../flow/step.ts';
import { namer, rawName } from './key.ts';
import { isEmpty, type Model, type Move, type Node } from './model.ts';
import { type Way, waysFrom, waysInAnotherWorld } from './moves.ts';
import type { Decided } from './worlds.ts';

export type Limits = { states: number; ms: number; now: () => number };
export type Watch = {
  move(move: Move, decided: Decided): void;
  /** The engine threw, at this question. */
  fault(node: Node, at: string, code: string, error: unknown, decided: Decided): void;
  /** Nothing more is wanted. */
  done(): boolean;
};
export type Explored = { states: number; transitions: number; stopped: 'states' | 'time' | null };

const closes = '(desk closes the request)';

export function explore(model: Model, limits: Limits, watch: Watch): Explored {
  const { small, worlds } = model;
  const nameOf = namer(model);
  const named = new Set<string>();
  const known = new Set<string>();
  const moved = new Set<string>();
  const open: Node[] = [];
  const twins: Node[] = [];
  const late = limits.now() + limits.ms;
  let transitions = 0;

  /** A state not met before is kept for a visit; of one that goes on like another only the way back is walked. */
  const arrive = (node: Node, here: Position): boolean => {
    const facts = inShort(node.decided);
    const own = rawName(node, facts);
    if (known.has(own)) return false;
    known.add(own);
    freeze(node.session);
    const name = nameOf(node, here);
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
          const { session: after, effects } = step(small, node.session, input, facts);
          let here = before;
          const used = worlds.usedBy(() => {
            here = position(small, after, facts);
          });
          const now = openAfter(node.open, effects);
          const fresh = probe !== true && arrive({ session: after, open: now, decided: used, from: node, code }, here);
          watch.move({ node, input, code, facts, before, effects, after, here, open: now, changed, fresh }, decided);
        } catch (error) {
          watch.fault(node, before.step?.ref ?? '', code, error, decided);
        }
      },
      soFar,
    );

  /** Where this session stands, in every world that agrees with `soFar`. */
  const places = (node: Node, soFar: Decided): { before: Position; decided: Decided }[] => {
    const found: { before: Position; decided: Decided }[] = [];
    worlds.every(
      node.open,
      (facts, decided) => {
        try {
          found.push({ before: position(small, node.session, facts), decided });
        } catch (error) {
          watch.fault(node, '', '', error, decided);
        }
      },
      soFar,
    );
    return found;
  };

  const visit = (node: Node) => {
    for (const { before, decided } of places(node, node.decided))
      for (const way of waysFrom(model, node, before)) go(node, before, way, decided, node.code === closes);
    // Then each fact that brought the person here is suddenly otherwise, where that moves them at once.
    const asked = new Set(places(node, node.decided).map(({ before }) => before.step?.ref));
    for (const [fact, holds] of node.decided)
      for (const { before, decided } of places(node, new Map(node.decided).set(fact, !holds))) {
        const name = nameOf({ ...node, decided }, before);
        if (asked.has(before.step?.ref) || moved.has(name)) continue;
        moved.add(name);
        for (const way of waysInAnotherWorld(model, node, before)) go(node, before, way, decided, true);
      }
    if (!node.open) return;
    for (const { before, decided } of places({ ...node, open: false }, node.decided))
      arrive({ ...node, open: false, decided, from: node, code: closes }, before);
  };

  begun(model, arrive);
  for (let i = 0; i < open.length && !watch.done(); i += 1) {
    const stopped = known.size > limits.states ? 'states' : limits.now() > late ? 'time' : null;
    if (stopped !== null) return { states: open.length, transitions, stopped };
    visit(open[i] as Node);
    for (let twin = twins.pop(); twin !== undefined; twin = twins.pop())
      for (const { before, decided } of places(twin, twin.decided))
        go(twin, before, { input: { kind: 'interrupt', name: 'back' }, code: '(back)' }, decided);
  }
  return { states: open.length, transitions, stopped: null };
}

/** Just led aside: the way back is to the place that person came from. */
const justAside = ({ session, from }: Node): boolean =>
  session.detour !== null && isEmpty(session.detour.picks) && from?.session.detour === null && from.session.picks === session.picks;

/** Somebody new, somebody whose chat has expired while their request is open, and everybody who follows a link. */
function begun({ small, worlds }: Model, arrive: (node: Node, here: Position) => unknown): void {
  const nobody = begin(small, small.languages[0] ?? 'en', 0);
  for (const open of [false, true])
    for (const at of [undefined, ...small.links])
      worlds.every(open, (facts) => {
        const { session } = step(small, nobody, at === undefined ? { kind: 'start' } : { kind: 'start', at }, facts);
        let here: Position | null = null;
        const decided = worlds.usedBy(() => {
          here = position(small, session, facts);
        });
        const code = `(${at === undefined ? 'start' : `link ${at}`}${open ? ', a request is open' : ''})`;
        if (here !== null) arrive({ session, open, decided, from: null, code }, here);
      });
}

const inShort = (decided: Decided): string => [...decided].join(';');

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
