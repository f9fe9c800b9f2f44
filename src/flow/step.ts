// One step of a conversation: (flow, session, input, facts) -> session, effects. It sends nothing and
// knows no clock; the same input on the same session always gives the same result.
import { apply } from './apply.ts';
import type { Flow } from './definition.ts';
import type { Effect } from './effect.ts';
import { type Position, position } from './position.ts';
import type { Facts, Input, Session } from './session.ts';
import { settle } from './settle.ts';
import { isGone, leftBehind, nowShown, stillMeant } from './shown.ts';

/** A session before anything was said. `seq` starts at a number of the shell's, so that stamps of two runs differ. */
export function begin(flow: Flow, lang: string, seq: number): Session {
  return {
    version: flow.version,
    hash: flow.hash,
    lang,
    from: { step: flow.entry, picks: {} },
    picks: {},
    answers: {},
    detour: null,
    marked: [],
    page: 0,
    tries: 0,
    seq,
    asked: seq,
    done: null,
  };
}

/**
 * Walk, apply, walk again; what is new on the way becomes effects. The session given is left unchanged.
 * `earlier`: the world in which the question was asked, where this very input changes the world, as a language does.
 */
export function step(
  flow: Flow,
  session: Session,
  input: Input,
  facts: Facts,
  earlier: Facts = facts,
): { session: Session; effects: Effect[] } {
  const current = followMoves(flow, session);
  return stepFrom(flow, current, position(flow, current, earlier), input, facts, facts === earlier);
}

/** The same for a session of this very flow whose place is known; `still`: in the world that is now. */
export function stepFrom(
  flow: Flow,
  current: Session,
  before: Position,
  input: Input,
  facts: Facts,
  still: boolean,
): { session: Session; effects: Effect[] } {
  const gone = isGone(current, before);
  const left = leftBehind(flow, current, before);
  const applied = apply(flow, left.session, before, gone ? stillMeant(input) : input, facts);
  const settled = settle(flow, applied.session, applied.fresh, before, facts, input.kind, still ? current : null);
  const seq = current.seq + 1;
  const same = applied.sameQuestion && settled.waiting === (before.step?.ref ?? null) && !gone;
  const asks =
    settled.waiting === null ? [] : [{ do: same && applied.marksOnly ? ('mark' as const) : ('ask' as const), step: settled.waiting }];
  const effects = [...left.effects, ...applied.effects, ...settled.effects, ...asks];
  const shown = nowShown(current, settled.session, settled.waiting);
  const now = { version: flow.version, hash: flow.hash, seq, asked: same ? current.asked : seq, shown };
  return { session: { ...settled.session, ...now }, effects };
}

/** A released name that changed keeps its answer through `moved`. */
function followMoves(flow: Flow, session: Session): Session {
  if (session.hash === flow.hash || Object.keys(flow.moved).length === 0) return session;
  const name = (key: string) => flow.moved[key] ?? key;
  const renamed = <T>(record: Record<string, T>) => Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), value]));
  return {
    ...session,
    from: { step: name(session.from.step), picks: renamed(session.from.picks) },
    picks: renamed(session.picks),
    answers: renamed(session.answers),
    detour: session.detour === null ? null : { at: name(session.detour.at), picks: renamed(session.detour.picks) },
    ...(session.shown === undefined
      ? {}
      : { shown: Object.fromEntries(Object.entries(session.shown).map(([where, ref]) => [where, name(ref)])) }),
  };
}
