// The linked flow as a plain graph: where each step can lead whatever is known. What no arrow reaches,
// nobody reaches; so questions about routes alone are answered here, without walking.
import { reads } from '../flow/condition.ts';
import type { Flow, Step } from '../flow/definition.ts';
import { waits } from '../flow/walk.ts';

export type Arrow = { to: string; by: 'menu' | 'next' | 'restart' };

export function arrows(step: Step): Arrow[] {
  return [
    ...Object.values(step.menu ?? {}).map((to): Arrow => ({ to, by: 'menu' })),
    ...[...(step.next ?? []).map((branch) => branch.to), step.send, step.cancel].flatMap((to): Arrow[] =>
      to === undefined ? [] : [{ to, by: 'next' }],
    ),
    ...(step.restart === undefined ? [] : [{ to: step.restart, by: 'restart' } as const]),
  ];
}

/** Where a walk can begin: everywhere the flow says so, wherever everyday words lead and, if asked for, after each restart. */
export function beginnings(flow: Flow, topics: string[], restarts = true): string[] {
  const again = restarts ? Object.values(flow.steps).flatMap((step) => step.restart ?? []) : [];
  return [flow.entry, flow.home, ...detours(flow, topics), ...again];
}

/** Where a detour can begin; a link to the entry is no detour. */
export function detours(flow: Flow, topics: string[]): string[] {
  const asked = Object.values(flow.interrupts).flatMap(({ go, byWord }) => [go, ...Object.values(byWord)]);
  const desk = flow.share === undefined ? [flow.reply] : [flow.reply, flow.share];
  return [...new Set([...asked, ...desk, flow.tries.then, ...flow.links, ...topics])].filter((ref) => ref !== flow.entry);
}

/** All steps met from here on; `on` says where a step lets one go. */
function met(flow: Flow, from: string, on: (step: Step) => string[]): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const step = flow.steps[ref];
    if (step === undefined || seen.has(ref)) continue;
    seen.add(ref);
    open.push(...on(step));
  }
  return seen;
}

/** Every step on some way from here, without passing a restart; `home`: where `resume` leads, if anywhere. */
export const within = (flow: Flow, from: string, home = 'resume'): Set<string> =>
  met(flow, from, (step) => arrows(step).flatMap(({ by, to }) => (by === 'restart' ? [] : [to === 'resume' ? home : to])));

/** Steps met from here before anybody is asked again. */
export const untilAsked = (flow: Flow, from: string): Set<string> =>
  met(flow, from, (step) => (step.ref === from || !waits(step) ? arrows(step).map(({ to }) => to) : []));

/** Every step from which some way, without passing a restart, leads to one of these. */
export function leadingTo(flow: Flow, targets: ReadonlySet<string>): Set<string> {
  const into = new Map<string, string[]>();
  for (const step of Object.values(flow.steps))
    for (const arrow of arrows(step)) {
      const to = arrow.to === 'resume' ? flow.home : arrow.to;
      if (arrow.by !== 'restart') into.set(to, [...(into.get(to) ?? []), step.ref]);
    }
  const found = new Set<string>();
  const open = [...targets];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    open.push(...(into.get(ref) ?? []));
  }
  if (found.has(flow.home)) found.add('resume');
  return found;
}

/** What the conditions of these steps look up, and what they ask for. */
export function readBy(flow: Flow, steps: Iterable<string>): Set<string> {
  const items = new Set<string>();
  for (const ref of steps) {
    const step = flow.steps[ref];
    if (step?.ask !== undefined) items.add(step.ask);
    for (const branch of step?.next ?? []) if (branch.when !== undefined) for (const about of reads(branch.when)) items.add(about);
  }
  return items;
}

/** The step that hands a case over once this one is answered or, from the interrupt HUMAN, at once. */
export const handoffAfter = (flow: Flow, from: string): string =>
  [...untilAsked(flow, from), ...untilAsked(flow, flow.interrupts.human.go)].find((ref) => flow.steps[ref]?.handoff !== undefined) ?? from;
