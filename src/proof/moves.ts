// Everything a person, a platform or the desk can do at one place. Probes are looked at but lead to no
// place of their own: they must change nothing, or lead where another move of the same class does.

import { inUrgent } from '../flow/apply.ts';
import { changeable } from '../flow/options.ts';
import type { Position } from '../flow/position.ts';
import type { Input, Interrupt } from '../flow/session.ts';
import { codeOf, type Model, type Node } from './model.ts';

export type Way = { input: Input; code: string; probe?: true };

const interrupts: Interrupt[] = ['help', 'language', 'human', 'urgent', 'stop', 'delete', 'back'];

export function waysFrom(model: Model, node: Node, here: Position): Way[] {
  const ways = [
    ...answers(model, node, here),
    ...everywhere(model, isPlain(node)),
    ...(here.step === null ? anew(model) : []),
    ...unmeant(node),
  ];
  // Whatever is understood ends the count of what was not; only these keep it, and all that is answered in urgent help.
  const kept = ['unclear', 'page', 'toggle', ...(inUrgent(model.small, node.session) ? ['answer'] : [])];
  if (node.session.tries > 0) return ways.filter(({ input }) => kept.includes(input.kind) || isUrgent(input));
  return [...ways, ...(node.open ? fromDesk(model) : [])];
}

const fromDesk = ({ small: { share } }: Model): Way[] => [
  { input: { kind: 'message' }, code: '(caseworker writes)' },
  ...(share === undefined ? [] : [{ input: { kind: 'message', at: share }, code: '(caseworker asks to share)' } as const]),
];

const isUrgent = (input: Input) => input.kind === 'interrupt' && input.name === 'urgent' && input.group === undefined;

/** What may arrive while the world has changed behind the person's back. */
export function waysInAnotherWorld(model: Model, node: Node, here: Position): Way[] {
  if (!isPlain(node)) return [];
  const some = ['(human)', '(back)', '(opens the chat again)'];
  const ways = [
    ...answers(model, node, here).filter((way) => way.input.kind !== 'change'),
    ...everywhere(model, false).filter((way) => some.includes(way.code)),
    ...unmeant(node).filter((way) => some.includes(way.code)),
  ];
  return ways.map((way) => ({ ...way, probe: true }));
}

function answers({ small, classes, pages, topics }: Model, { session }: Node, { step, known }: Position): Way[] {
  if (step === null) return [];
  if (step.write) return [{ input: { kind: 'written' }, code: '(words)' }];
  const ways: Way[] = [];
  const field = step.ask === undefined ? undefined : small.fields[step.ask];
  const values = classes.at(step);
  const skips = field !== undefined && field.data !== 'consent' && !values.includes(null);
  for (const value of skips ? [...values, null] : values) {
    const code = codeOf(value);
    const input: Input = { kind: 'answer', value };
    if (Array.isArray(value) && session.marked.length === 0) ways.push({ input: { kind: 'toggle', value: code }, code });
    else if (Array.isArray(value) && session.marked.includes(code)) ways.push({ input, code: '~done' });
    else if (!Array.isArray(value)) ways.push(value === null && skips ? { input, code, probe: true } : { input, code });
  }
  if (session.marked[0] !== undefined) ways.push({ input: { kind: 'toggle', value: session.marked[0] }, code: session.marked[0] });
  if (step.pick !== undefined || field?.type === 'list') ways.push({ input: { kind: 'page', page: session.page + 1 }, code: '~more' });
  if (step.review) {
    ways.push({ input: { kind: 'page', page: session.page + 1 }, code: session.page === 0 ? '~change' : '~more' });
    // Its items stand on the pages after the first.
    if (session.page === 1)
      for (const item of changeable(small, session, known)) ways.push({ input: { kind: 'change', item }, code: `~item:${item}` });
  }
  // A word takes the place of the page another word has opened: all of them were walked from where the first was typed.
  const opened = session.detour !== null && topics.includes(session.detour.at) && !small.links.includes(session.detour.at);
  if (step.menu !== undefined && !small.private.includes(step.file))
    for (const at of opened ? pages.slice(0, 1) : pages) ways.push({ input: { kind: 'topic', at }, code: `(word for ${at})` });
  return ways;
}

/** Nothing half marked, no page turned, nothing misunderstood. */
export const isPlain = ({ session }: Node) => session.tries === 0 && session.page === 0 && session.marked.length === 0;

/** `all`: every group of crisis words, else one of those that lead alike. */
function everywhere({ small, groups }: Model, all: boolean): Way[] {
  return [
    ...interrupts.map((name): Way => ({ input: { kind: 'interrupt', name }, code: `(${name})` })),
    ...(all ? Object.keys(small.interrupts.urgent.byWord) : groups).map(
      (group): Way => ({ input: { kind: 'interrupt', name: 'urgent', group }, code: `(crisis word: ${group})` }),
    ),
  ];
}

/** After an end; the shell takes a start or a link in the middle for looking again. */
const anew = ({ small }: Model): Way[] => [
  { input: { kind: 'start' }, code: '(start)' },
  ...small.links.map((at): Way => ({ input: { kind: 'start', at }, code: `(link ${at})` })),
];

function unmeant({ session }: Node): Way[] {
  const unclear: Way = { input: { kind: 'unclear', why: 'words' }, code: '(not understood)' };
  if (session.tries > 0) return [unclear];
  return [
    unclear,
    { input: { kind: 'unclear', why: 'media' }, code: '(photo)', probe: true },
    { input: { kind: 'unclear', why: 'edited' }, code: '(edited message)', probe: true },
    { input: { kind: 'stale' }, code: '(old button)', probe: true },
    { input: { kind: 'again' }, code: '(opens the chat again)', probe: true },
  ];
}
