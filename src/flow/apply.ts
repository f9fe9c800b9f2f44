// What one input changes: an answer or pick set or dropped, a detour begun or ended, a try counted.
// Where that leads is not decided here but by walking again.
import { agreed } from './covered.ts';
import type { Flow, Step } from './definition.ts';
import type { Effect } from './effect.ts';
import { only } from './only.ts';
import { pages, partnerItem } from './options.ts';
import type { Position } from './position.ts';
import { type Answer, type Facts, type Input, type Session, type Value, withoutPartner } from './session.ts';
import { calm } from './shown.ts';

export type Applied = {
  session: Session;
  effects: Effect[];
  /** Pages of a detour are shown again even when the same detour was open. */
  fresh: boolean;
  /** The question on screen stays: its buttons stay valid. */
  sameQuestion: boolean;
  marksOnly: boolean;
};

const plain = (session: Session, effects: Effect[] = []): Applied => ({
  session,
  effects,
  fresh: false,
  sameQuestion: false,
  marksOnly: false,
});

export function apply(flow: Flow, session: Session, before: Position, input: Input, facts: Facts): Applied {
  const { step } = before;
  switch (input.kind) {
    case 'start':
      return start(flow, session, input);
    case 'answer':
      return step === null ? anew(flow, session) : answer(flow, understood(flow, onTheWay(flow, session, before)), step, input.value);
    case 'toggle':
      return step === null ? anew(flow, session) : toggle(flow, session, step, input.value);
    case 'page':
      return {
        ...plain({ ...session, page: step === null ? 0 : turned(flow, session, step, before, input.page) }),
        sameQuestion: true,
        marksOnly: true,
      };
    case 'change':
      return plain(input.item === partnerItem ? withoutPartner(calm(session)) : dropped(flow, calm(session), input.item));
    case 'interrupt':
      if (input.name === 'back') return back(flow, session, before);
      return interrupt(flow, session, input.name, input.group, facts);
    case 'topic':
      return { ...plain({ ...calm(session), detour: { at: input.at, picks: {} } }), fresh: true };
    case 'message':
      return { ...plain({ ...calm(session), detour: { at: input.at ?? flow.reply, picks: {} } }), fresh: true };
    case 'written':
      return step?.write ? plain(picked(understood(flow, session), step.ref, 'written'), [{ do: 'deliver' }]) : plain(session);
    case 'stale':
      return step === null && session.done !== null ? anew(flow, session) : again(session, 'closed');
    case 'again':
      return step === null ? anew(flow, session) : { ...plain(session), sameQuestion: true };
    case 'unclear':
      return step === null ? anew(flow, session) : unclear(flow, session, input.why);
  }
}

/** In urgent help, whatever it led to. */
export const inUrgent = ({ interrupts: { urgent } }: Flow, { detour }: Session): boolean =>
  detour !== null && [urgent.go, ...Object.values(urgent.byWord)].includes(detour.at);

/** Urgent help leaves the question below as it is; what is understood there begins nothing again. */
const understood = (flow: Flow, session: Session): Session => (inUrgent(flow, session) ? session : calm(session));

/**
 * When the world has changed (a programme closed, a request ended), picks can lie beside the way. Before a
 * consent they go with the next answer, so that nobody comes back to half a gate. After one they stay: they
 * belong to a recap that is being changed.
 */
function onTheWay(flow: Flow, session: Session, { main, detour }: Position): Session {
  if (main === null || detour !== null || agreed(flow, session).length > 0) return session;
  const passed = new Set(main.passed.map((one) => one.key));
  return { ...session, picks: only(session.picks, (ref) => passed.has(ref)) };
}

const entered = (flow: Flow, session: Session): Session => ({
  ...calm(session),
  from: { step: flow.entry, picks: {} },
  picks: {},
  answers: {},
  detour: null,
  done: null,
});

/** After an end everything begins again; where the world has changed, walking on leads to what is so now. */
const anew = (flow: Flow, session: Session): Applied => plain(session.done === null ? session : entered(flow, session));

const again = (session: Session, name: 'closed' | 'unclear' | 'media' | 'edited' | 'which' | 'invalid'): Applied => ({
  ...plain(session, [{ do: 'notice', name }]),
  sameQuestion: true,
});

/** A link opens its page on top of the beginning; it is never taken for an answer. */
function start(flow: Flow, session: Session, { at, partner }: Extract<Input, { kind: 'start' }>): Applied {
  const begun = { ...entered(flow, withoutPartner(session)), ...(partner === undefined ? {} : { partner }) };
  return plain(at === undefined || at === flow.entry ? begun : { ...begun, detour: { at, picks: {} } });
}

const picked = (session: Session, ref: string, value: string): Session =>
  session.detour === null
    ? { ...session, picks: { ...session.picks, [ref]: value } }
    : { ...session, detour: { ...session.detour, picks: { ...session.detour.picks, [ref]: value } } };

function answer(flow: Flow, session: Session, step: Step, value: Value): Applied {
  if (step.ask === undefined) {
    if (typeof value !== 'string') return plain(session);
    const next = step.language ? { ...session, lang: value } : session;
    return plain(picked(next, step.ref, value));
  }
  const field = flow.fields[step.ask];
  if (field === undefined || field.data !== 'consent') return plain({ ...session, answers: { ...session.answers, [step.ask]: { value } } });
  if (value !== 'yes') return plain({ ...session, answers: { ...session.answers, [step.ask]: { value: 'no' } } });
  const { lang } = session;
  const text = flow.consentText[step.ask]?.[lang] ?? '';
  const given: Answer = { value, lang, text };
  const kind = (field.type === 'choice' ? field.kind : undefined) ?? null;
  const effect: Effect = { do: 'record-consent', field: step.ask, kind, lang, text, version: flow.version };
  return plain({ ...session, answers: { ...session.answers, [step.ask]: given } }, [effect]);
}

function toggle(flow: Flow, session: Session, step: Step, value: string): Applied {
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  if (field?.type !== 'choices') return again(session, 'closed');
  const without = session.marked.filter((one) => one !== value && one !== field.none);
  const on = !session.marked.includes(value);
  const marked = !on ? without : value === field.none ? [value] : [...without, value];
  const ordered = field.values.filter((one) => marked.includes(one));
  return { ...plain({ ...session, tries: 0, marked: ordered }), sameQuestion: true, marksOnly: true };
}

/** Lists turn round at their end; the recap's page 0 is the recap itself. */
function turned(flow: Flow, session: Session, step: Step, before: Position, page: number): number {
  const last = pages(flow, session, step, before.known);
  if (step.review) return page > last ? 1 : page;
  return page >= last ? 0 : page;
}

function dropped(flow: Flow, session: Session, key: string): Session {
  const without = <T>(record: Record<string, T>) => only(record, (name) => name !== key);
  const picks = without(session.picks);
  const answers = without(session.answers);
  if (session.from.picks[key] === undefined) return { ...session, picks, answers };
  // A carried pick was made on a walk that is gone: walk from the beginning again, with all the others still known.
  return { ...session, from: { step: flow.entry, picks: {} }, picks: { ...without(session.from.picks), ...picks }, answers };
}

function back(flow: Flow, session: Session, before: Position): Applied {
  if (before.step === null) return anew(flow, session);
  if (session.page > 0 && !inUrgent(flow, session)) return { ...plain({ ...session, page: 0, tries: 0 }), sameQuestion: true };
  const next = understood(flow, session);
  if (next.detour !== null) {
    const last = before.detour?.passed.at(-1);
    if (last === undefined) return plain(next.done === null ? { ...next, detour: null } : entered(flow, session));
    const picks = only(next.detour.picks, (ref) => ref !== last.key);
    return plain({ ...next, detour: { ...next.detour, picks } });
  }
  const passed = before.main?.passed ?? [];
  const own = passed.filter((one) => (one.kind === 'pick' ? next.picks : next.answers)[one.key] !== undefined);
  const last = own.at(-1);
  // Whoever goes back from before what they agreed to, or past it, has not agreed, and answers given since go too.
  const stands = agreed(flow, next).filter((field) => field !== last?.key && passed.some((one) => one.key === field));
  const erased = agreed(flow, next).filter((field) => !stands.includes(field));
  const keys = new Set(passed.map((one) => one.key));
  const kept =
    stands.length > 0
      ? next
      : { ...next, picks: only(next.picks, (ref) => keys.has(ref)), answers: only(next.answers, (name) => keys.has(name)) };
  const effects = erased.map((field): Effect => ({ do: 'erase-consent', field }));
  if (last === undefined) return plain({ ...kept, from: { step: flow.home, picks: next.from.picks } }, effects);
  return plain(dropped(flow, kept, last.key), effects);
}

function interrupt(flow: Flow, session: Session, name: keyof Flow['interrupts'], group: string | undefined, facts: Facts): Applied {
  const { go, byWord } = flow.interrupts[name];
  const at = (group === undefined ? undefined : byWord[group]) ?? go;
  const alert: Effect[] = name === 'urgent' && facts.requestOpen ? [{ do: 'alert' }] : [];
  // Urgent leaves the open question as it is, tries and marks included.
  const base = name === 'urgent' ? session : calm(session);
  return { ...plain({ ...base, detour: { at, picks: {} } }, alert), fresh: true };
}

function unclear(flow: Flow, session: Session, why: 'words' | 'media' | 'edited' | 'invalid' | 'which'): Applied {
  const name = why === 'words' ? 'unclear' : why;
  if (why === 'edited') return again(session, name);
  const tries = session.tries + 1;
  if (tries < flow.tries.max || session.detour?.at === flow.tries.then)
    return again({ ...session, tries: Math.min(tries, flow.tries.max) }, name);
  return { ...plain({ ...calm(session), detour: { at: flow.tries.then, picks: {} } }, [{ do: 'notice', name }]), fresh: true };
}
