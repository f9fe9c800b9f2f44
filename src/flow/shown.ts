// Which question a reply was given to. A place is computed, so it moves when the world or the flow changes behind
// the person's back; what they then send still answers the question they saw, and must not answer another.
import { agreed } from './covered.ts';
import type { Flow } from './definition.ts';
import type { Effect } from './effect.ts';
import { only } from './only.ts';
import type { Position } from './position.ts';
import type { Input, Session, Shown } from './session.ts';

/** The question on screen is no longer where this person is. */
export const isGone = ({ shown, done, detour }: Session, here: Position): boolean =>
  shown !== undefined && (done === null || detour !== null) && (detour === null ? shown.main : shown.aside) !== here.step?.ref;

/**
 * What still counts where the main question has moved. A change of the world can lead away from a consent; then the
 * consent and all beside the way go at once. After a change of the flow they stay: nobody loses an answer by an upgrade.
 */
export function leftBehind(flow: Flow, session: Session, { main }: Position): { session: Session; effects: Effect[] } {
  const shown = session.shown?.main;
  if (shown === undefined || main === null || shown === main.at) return { session, effects: [] };
  const next = calm(session);
  const passed = new Set(main.passed.map((one) => one.key));
  if (session.hash !== flow.hash) return { session: next, effects: [] };
  const given = agreed(flow, session);
  const onTheWay = (key: string) => passed.has(key);
  if (given.some(onTheWay)) return { session: { ...next, picks: only(next.picks, onTheWay) }, effects: [] };
  const effects = given.map((field): Effect => ({ do: 'erase-consent', field }));
  return { session: { ...next, picks: only(next.picks, onTheWay), answers: only(next.answers, onTheWay) }, effects };
}

/** Understood: tries, marks and page begin again. */
export const calm = (session: Session): Session => ({ ...session, tries: 0, marked: [], page: 0 });

const replies: Input['kind'][] = ['answer', 'toggle', 'page', 'change', 'written'];

/** What an input still means where the question it was given to is gone: looking again, if it was a reply. */
export function stillMeant(input: Input): Input {
  const reply = replies.includes(input.kind) || (input.kind === 'unclear' && input.why !== 'media' && input.why !== 'edited');
  return reply ? { kind: 'stale' } : input;
}

/** Pages already seen on a walk; of one that leads elsewhere now, those before the last answer. */
export function seen(walk: Position['main'], shown: string | undefined, known: boolean): string[] {
  if (walk === null) return [];
  if (!known || shown === (walk.at ?? undefined)) return walk.path;
  const last = walk.passed.at(-1)?.step;
  return last === undefined ? [] : walk.path.slice(0, walk.path.lastIndexOf(last) + 1);
}

/** What is on screen after a step that waits at this question; below a detour the main question stays as it was shown. */
export const nowShown = (before: Session, after: Session, waiting: string | null): Shown => ({
  ...(after.detour === null
    ? waiting === null
      ? {}
      : { main: waiting }
    : before.shown?.main === undefined
      ? {}
      : { main: before.shown.main }),
  ...(after.detour === null || waiting === null ? {} : { aside: waiting }),
});
