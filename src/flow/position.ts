// Where a person is: the main walk and, if an interrupt or link led aside, the detour on top of it.
import type { Flow, Step } from './definition.ts';
import type { Facts, Known, Session } from './session.ts';
import { type Walk, walk } from './walk.ts';

export type Position = {
  /** The question on screen; null after an end. */
  step: Step | null;
  main: Walk | null;
  detour: Walk | null;
  /** Everything known at this question. */
  known: Known;
};

export function mainWalk(flow: Flow, session: Session, facts: Facts): Walk {
  const start = flow.steps[session.from.step] === undefined ? flow.entry : session.from.step;
  const { picks, answers, from } = session;
  return walk(flow, { start, picks, carried: from.picks, answers, base: from.picks, detour: false }, facts);
}

export function detourWalk(flow: Flow, session: Session, main: Known, facts: Facts): Walk | null {
  if (session.detour === null || flow.steps[session.detour.at] === undefined) return null;
  const { at, picks } = session.detour;
  return walk(flow, { start: at, picks, carried: {}, answers: session.answers, base: main, detour: true }, facts);
}

/** Computed afresh each time; nothing about a place is ever stored. */
export function position(flow: Flow, session: Session, facts: Facts): Position {
  const main = session.done === null ? mainWalk(flow, session, facts) : null;
  const known = main?.known ?? session.from.picks;
  const detour = detourWalk(flow, session, known, facts);
  const at = detour?.at ?? main?.at ?? null;
  const step = at === null ? null : (flow.steps[at] ?? null);
  return { step, main, detour, known: detour?.known ?? known };
}
