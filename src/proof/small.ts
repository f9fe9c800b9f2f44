// The flow made small without changing any way through it: lists of one entry per class, few tries, and
// of questions that nothing reads and that only follow each other, the last alone.
import { reads } from '../flow/condition.ts';
import type { Flow, Step } from '../flow/definition.ts';
import type { Classes } from './classes.ts';
import { arrows } from './graph.ts';

export type Notes = { reached: Set<string>; taken: Set<string> };

const fewTries = 2;
/** Two pages: the first and one that is not the first. */
const shortList = 8;

export function smallOf(flow: Flow, classes: Classes, notes: Notes): Flow {
  const instead = passedOver(flow);
  const tries = { ...flow.tries, max: Math.min(flow.tries.max, fewTries) };
  return { ...flow, lists: shortLists(flow, classes), tries, steps: noting(flow, instead, notes) };
}

/** One entry of each class, and so many more that there is a second page. */
function shortLists(flow: Flow, classes: Classes): Flow['lists'] {
  const kept = new Map<string, Set<string>>();
  for (const step of Object.values(flow.steps)) {
    const field = step.ask === undefined ? undefined : flow.fields[step.ask];
    const list = step.pick ?? (field?.type === 'list' ? field.of : undefined);
    if (list === undefined) continue;
    const chosen = kept.get(list) ?? new Set();
    for (const value of classes.at(step)) if (flow.lists[list]?.includes(String(value))) chosen.add(String(value));
    kept.set(list, chosen);
  }
  return Object.fromEntries(
    Object.entries(flow.lists).map(([name, entries]) => {
      const chosen = kept.get(name) ?? new Set();
      const rest = entries.filter((entry) => !chosen.has(entry)).slice(0, Math.max(0, shortList - chosen.size));
      return [name, [...chosen, ...rest]];
    }),
  );
}

/** Question to the one asked right after it, where neither matters to any way: what holds at the second held at the first. */
function passedOver(flow: Flow): Map<string, string> {
  const steps = Object.values(flow.steps);
  const read = new Set([
    ...steps.flatMap((step) => (step.next ?? []).flatMap((branch) => (branch.when === undefined ? [] : reads(branch.when)))),
    ...flow.promises.flatMap((promise) => reads(promise.when)),
  ]);
  const from = new Map<string, string[]>();
  for (const step of steps) for (const { to } of arrows(step)) from.set(to, [...(from.get(to) ?? []), step.ref]);
  const idle = (step: Step | undefined): step is Step & { ask: string } =>
    step?.ask !== undefined &&
    flow.fields[step.ask]?.data !== 'consent' &&
    !read.has(step.ask) &&
    step.say.length === 0 &&
    step.handoff === undefined &&
    step.tell === undefined &&
    step.forget === undefined &&
    step.withdraw === undefined;
  const asked = (field: string) => steps.filter((step) => step.ask === field).length === 1;
  const found = new Map<string, string>();
  for (const step of steps) {
    const [only, ...others] = step.next ?? [];
    if (!idle(step) || only === undefined || others.length > 0 || !asked(step.ask)) continue;
    const after = flow.steps[only.to];
    if (idle(after) && after !== step && asked(after.ask) && from.get(after.ref)?.length === 1 && after.file === step.file)
      found.set(step.ref, after.ref);
  }
  return found;
}

/** The same steps but those passed over; looking one up or following a branch leaves a note. */
function noting(flow: Flow, instead: Map<string, string>, { reached, taken }: Notes): Flow['steps'] {
  const end = (ref: string): string => {
    let at = ref;
    for (let next = instead.get(at); next !== undefined; next = instead.get(at)) at = next;
    return at;
  };
  const before = new Map<string, string[]>();
  for (const ref of instead.keys()) before.set(end(ref), [...(before.get(end(ref)) ?? []), ref]);
  const steps: Flow['steps'] = {};
  for (const [ref, step] of Object.entries(flow.steps)) {
    const { next, menu, restart, send, cancel } = step;
    const noted: Step = { ...step };
    if (menu !== undefined) noted.menu = Object.fromEntries(Object.entries(menu).map(([option, to]) => [option, end(to)]));
    if (restart !== undefined) noted.restart = end(restart);
    if (send !== undefined) noted.send = end(send);
    if (cancel !== undefined) noted.cancel = end(cancel);
    if (next !== undefined)
      noted.next = next.map((branch, i) => watched({ ...branch }, 'to', end(branch.to), () => taken.add(`${ref} ${i}`)));
    // What is passed over leads here alone, so it is met wherever this is.
    watched(steps, ref, noted, () => [ref, ...(before.get(ref) ?? [])].map((one) => reached.add(one)));
  }
  return steps;
}

/** The first look at this property leaves a note; from then on it is a plain one, which is faster. */
function watched<T extends object>(record: T, key: string, value: unknown, note: () => unknown): T {
  return Object.defineProperty(record, key, {
    enumerable: true,
    configurable: true,
    get() {
      note();
      Object.defineProperty(record, key, { enumerable: true, configurable: true, writable: false, value });
      return value;
    },
  });
}
