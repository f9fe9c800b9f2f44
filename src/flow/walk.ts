// From answers to a place: follows the flow from where this walk began until something is not yet
// known. Nothing else decides where a person is, so an edited flow strands nobody.
import { choose } from './condition.ts';
import type { Flow, Step } from './definition.ts';
import type { Answer, Facts, Known, Outcome, Picks } from './session.ts';

export type Passed = { step: string; key: string; kind: 'pick' | 'answer' };

export type Walk = {
  /** Every step in the order passed, the waiting one last. */
  path: string[];
  /** The step that waits for the person, if one does. */
  at: string | null;
  /** Questions and menus passed with what was already known. */
  passed: Passed[];
  known: Known;
  /** A menu was reached a second time: only these picks are still meant. */
  kept: Picks | null;
  restart: string | null;
  end: Outcome | null;
  resumed: boolean;
};

/** `carried`: picks of the walk before, which the picks of this one replace. */
export type Route = { start: string; picks: Picks; carried: Picks; answers: Record<string, Answer>; base: Known; detour: boolean };

// A flow whose way on never waits is refused by the reader; this bound only keeps a defect from hanging a process.
const longest = 500;

export function walk(flow: Flow, route: Route, facts: Facts): Walk {
  const known: Known = { ...route.base };
  const path: string[] = [];
  const passed: Passed[] = [];
  const stop = (rest: Partial<Walk>): Walk => ({
    path,
    at: null,
    passed,
    known,
    kept: null,
    restart: null,
    end: null,
    resumed: false,
    ...rest,
  });

  let ref = route.start;
  while (path.length < longest) {
    if (ref === 'resume') {
      if (route.detour) return stop({ resumed: true });
      ref = flow.home;
    }
    const step = flow.steps[ref];
    if (step === undefined) throw new Error(`no step ${ref}`);
    path.push(ref);
    if (waits(step)) {
      // Only what is known can have been passed before.
      const before = known[step.ask ?? ref] === undefined ? -1 : passed.findIndex((one) => one.step === ref);
      if (before >= 0) return stop({ at: ref, kept: picksOf(passed.slice(0, before), route) });
      const way = wayOn(flow, step, route);
      if (way === null) return stop({ at: ref });
      known[way.key] = way.value;
      passed.push({ step: ref, key: way.key, kind: way.kind });
      ref = way.to ?? choose(step.next ?? [], known, facts);
    } else if (step.restart !== undefined) return stop({ restart: step.restart });
    else if (step.end !== undefined) return stop({ end: step.end });
    else ref = choose(step.next ?? [], known, facts);
  }
  throw new Error('a walk without an end');
}

export const waits = (step: Step): boolean =>
  step.menu !== undefined || step.ask !== undefined || step.pick !== undefined || !!step.review || !!step.write || !!step.language;

function picksOf(passed: Passed[], { picks, carried }: Route): Picks {
  const kept: Picks = {};
  for (const one of passed) {
    const value = picks[one.key] ?? carried[one.key];
    if (one.kind === 'pick' && value !== undefined) kept[one.key] = value;
  }
  return kept;
}

type Way = { key: string; kind: 'pick' | 'answer'; value: Known[string]; to?: string };

/** What is already known at a waiting step, or null when the person must be asked. */
function wayOn(flow: Flow, step: Step, route: Route): Way | null {
  if (step.ask !== undefined) {
    const answer = route.answers[step.ask];
    return answer !== undefined && valid(flow, step.ask, answer) ? { key: step.ask, kind: 'answer', value: answer.value } : null;
  }
  const value = route.picks[step.ref] ?? route.carried[step.ref];
  if (value === undefined) return null;
  const way: Way = { key: step.ref, kind: 'pick', value };
  if (step.menu !== undefined) {
    const to = step.menu[value];
    return to === undefined ? null : { ...way, to };
  }
  if (step.review) {
    const to = value === 'send' ? step.send : value === 'cancel' ? step.cancel : undefined;
    return to === undefined ? null : { ...way, to };
  }
  if (step.write) return value === 'written' ? way : null;
  if (step.language) return flow.languages.includes(value) ? way : null;
  return step.pick !== undefined && (value === 'skip' || flow.lists[step.pick]?.includes(value)) ? way : null;
}

/** Whether a stored answer still counts: its value exists, and a consent was given to today's words. */
function valid(flow: Flow, name: string, answer: Answer): boolean {
  const field = flow.fields[name];
  const { value } = answer;
  if (field === undefined) return false;
  if (field.data === 'consent') {
    if (value !== 'yes') return value === 'no';
    return answer.text !== undefined && answer.text === flow.consentText[name]?.[answer.lang ?? ''];
  }
  if (value === null) return true;
  if (field.type === 'choice') return typeof value === 'string' && field.values.includes(value);
  if (field.type === 'choices') return Array.isArray(value) && value.length > 0 && value.every((one) => field.values.includes(one));
  if (field.type === 'phone') return value === 'given';
  return typeof value === 'string' && (flow.lists[field.of]?.includes(value) ?? false);
}
