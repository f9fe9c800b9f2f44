// After an input: walks on until a question waits or the conversation ends, through restarts and out
// of detours, and lists what is met on the way for the first time.
import { agreed, covered } from './covered.ts';
import type { Flow, Step } from './definition.ts';
import type { Effect } from './effect.ts';
import { only } from './only.ts';
import { detourWalk, mainWalk, type Position } from './position.ts';
import { type Facts, type Input, type Known, type Picks, type Session, withoutPartner } from './session.ts';
import { seen } from './shown.ts';
import { type Walk, waits } from './walk.ts';

export type Settled = { session: Session; effects: Effect[]; waiting: string | null };

// A restart that leads to a restart without a question between is refused by the reader; the bound keeps a defect from hanging.
const mostRounds = 40;

/** `was`: the session that stood at `before`, if nothing in the world is new since: as long as it is known alike, its walk is. */
export function settle(
  flow: Flow,
  start: Session,
  fresh: boolean,
  before: Position,
  facts: Facts,
  by: Input['kind'],
  was: Session | null,
): Settled {
  let session = start;
  const effects: Effect[] = [];
  const known = start.shown !== undefined;
  let oldMain = by === 'start' || start.done !== null ? [] : seen(before.main, start.shown?.main, known);
  let oldDetour = fresh ? [] : seen(before.detour, start.shown?.aside, known);

  for (let round = 0; round < mostRounds; round += 1) {
    const main: Walk | null = session.done !== null ? null : alike(session, was) ? before.main : mainWalk(flow, session, facts);
    if (main?.kept) session = keptOnly(flow, session, main, main.kept, effects);
    const known = main?.known ?? session.from.picks;

    if (session.detour !== null) {
      const detour = detourWalk(flow, session, known, facts);
      if (detour !== null) {
        if (detour.kept) session = { ...session, detour: { ...session.detour, picks: detour.kept } };
        effects.push(...met(flow, session, detour, oldDetour, known));
        oldDetour = detour.path;
        if (detour.at !== null) return { session, effects, waiting: detour.at };
        if (detour.restart !== null) {
          session = restarted(flow, session, detour.restart, detour.known, effects);
          oldMain = [];
          continue;
        }
        if (detour.end !== null) return ended(flow, session, detour.end, effects);
      }
      session = { ...session, detour: null };
      if (main === null) {
        session = { ...session, done: null, from: { step: flow.entry, picks: {} } };
        oldMain = [];
      }
      continue;
    }

    if (main === null) return { session, effects, waiting: null };
    effects.push(...met(flow, session, main, oldMain, main.known));
    oldMain = main.path;
    if (main.at !== null)
      return { session: by === 'answer' && start.detour === null ? tidied(flow, session, main) : session, effects, waiting: main.at };
    if (main.restart !== null) {
      session = restarted(flow, session, main.restart, main.known, effects);
      oldMain = [];
      continue;
    }
    return ended(flow, session, main.end ?? 'closed', effects);
  }
  throw new Error('a conversation that never waits');
}

const alike = (session: Session, was: Session | null): boolean =>
  was !== null && was.done === null && session.picks === was.picks && session.answers === was.answers && session.from === was.from;

/** A menu reached again: picks and answers made since go, a consent among them too. What is carried stays, but for the one that is asked again. */
function keptOnly(flow: Flow, session: Session, main: Walk, kept: Picks, effects: Effect[]): Session {
  const first = main.passed.findIndex((one) => one.step === main.at);
  const earlier = new Set(main.passed.slice(0, first).map((one) => one.key));
  effects.push(...unused(flow, { ...session, answers: only(session.answers, (field) => !earlier.has(field)) }));
  const carried = session.from.picks[main.at ?? ''] !== undefined;
  return {
    ...session,
    from: carried ? { ...session.from, picks: only(session.from.picks, (ref) => ref !== main.at) } : session.from,
    picks: only(session.picks, (ref) => kept[ref] !== undefined),
    answers: only(session.answers, (field) => earlier.has(field)),
  };
}

/** Whoever changes an answer in a recap may leave others beside the way: back at the recap they are forgotten, as they would not be sent. */
function tidied(flow: Flow, session: Session, { at, passed }: Walk): Session {
  if (!flow.steps[at ?? '']?.review) return session;
  const keys = new Set(passed.map((one) => one.key));
  const stays = (key: string) => keys.has(key);
  return { ...session, picks: only(session.picks, stays), answers: only(session.answers, stays) };
}

/** Effects of the steps beyond what both ways have in common. */
function met(flow: Flow, session: Session, now: Walk, old: string[], known: Known): Effect[] {
  let common = 0;
  while (common < old.length && old[common] === now.path[common]) common += 1;
  return now.path.slice(common).flatMap((ref) => {
    const step = flow.steps[ref];
    return step === undefined ? [] : ofStep(flow, session, step, known);
  });
}

function ofStep(flow: Flow, session: Session, step: Step, known: Known): Effect[] {
  const effects: Effect[] = [];
  if (step.handoff !== undefined) {
    const { kind, consent, send, reason } = step.handoff;
    const given = session.answers[consent];
    if (given?.value !== 'yes' || given.lang === undefined || given.text === undefined) throw new Error('a handoff without consent');
    const values = send ? covered(flow, consent, known) : {};
    effects.push({
      do: 'open-case',
      kind,
      consent,
      lang: given.lang,
      text: given.text,
      values,
      ...(reason === undefined ? {} : { reason }),
      // Only what the person could see and take out in the recap goes along.
      ...(send && session.partner !== undefined ? { partner: session.partner.code } : {}),
    });
  }
  if (step.tell !== undefined) effects.push(told(flow, session, step.tell, known));
  if (step.withdraw) effects.push({ do: 'withdraw' });
  if (step.forget) effects.push({ do: 'forget' });
  if (waits(step) && !flow.private.includes(step.file)) effects.push({ do: 'count', step: step.ref });
  return [...effects, ...step.say.map((key) => ({ do: 'say' as const, file: step.file, key }))];
}

/** A no is told too: somebody at the desk waits for it. Answers go only with a yes. */
function told(flow: Flow, session: Session, { event, consent }: NonNullable<Step['tell']>, known: Known): Effect {
  const given = session.answers[consent];
  const agreed = given?.value === 'yes';
  if (event === 'follow-up' && !agreed) throw new Error('answers told without consent');
  const lang = given?.lang ?? session.lang;
  const text = given?.text ?? flow.consentText[consent]?.[lang] ?? '';
  const values = event === 'follow-up' ? covered(flow, consent, known) : {};
  return { do: 'tell', event, consent, agreed, lang, text, version: flow.version, values };
}

/** A consent that opened no case is forgotten with the walk it was given on. */
const unused = (flow: Flow, session: Session): Effect[] => agreed(flow, session).map((field) => ({ do: 'erase-consent', field }));

/** A new walk: only carried picks stay, and of the safe-phone picks only a yes. */
function restarted(flow: Flow, session: Session, target: string, known: Known, effects: Effect[]): Session {
  effects.push(...unused(flow, session));
  const picks: Picks = {};
  for (const ref of flow.carry) {
    const value = known[ref];
    if (typeof value === 'string' && (!flow.safe.includes(ref) || value === 'yes')) picks[ref] = value;
  }
  return { ...session, from: { step: target, picks }, picks: {}, answers: {}, detour: null, marked: [], page: 0, tries: 0, done: null };
}

function ended(flow: Flow, session: Session, done: NonNullable<Session['done']>, effects: Effect[]): Settled {
  if (done !== 'handed-off') effects.push(...unused(flow, session));
  const from = { step: flow.entry, picks: {} };
  return {
    session: { ...withoutPartner(session), from, picks: {}, answers: {}, detour: null, marked: [], page: 0, tries: 0, done },
    effects,
    waiting: null,
  };
}
