// One step of a conversation: (flow, session, input, facts) -> session, effects. It sends nothing and
// knows no clock; the same input on the same session always gives the same result.
import { apply } from './apply.ts';
import type { Flow } from './definition.ts';
import type { Effect } from './effect.ts';
import { position } from './position.ts';
import type { Facts, Input, Session } from './session.ts';
import { settle } from './settle.ts';

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
  const before = position(flow, current, earlier);
  const applied = apply(flow, current, before, input, facts);
  const settled = settle(flow, applied.session, applied.fresh, before, facts, input.kind === 'start');
  const seq = session.seq + 1;
  const same = applied.sameQuestion && settled.waiting === (before.step?.ref ?? null);
  const asks =
    settled.waiting === null ? [] : [{ do: same && applied.marksOnly ? ('mark' as const) : ('ask' as const), step: settled.waiting }];
  const effects = [...applied.effects, ...settled.effects, ...asks];
  return { session: { ...settled.session, version: flow.version, hash: flow.hash, seq, asked: same ? current.asked : seq }, effects };
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
  };
}
