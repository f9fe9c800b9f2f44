// The proof once more without any of its shortcuts, for flows so small that this can be done: every value, every
// word, every world at every step, and no two states taken for one.
import type { Flow } from '../../src/flow/definition.ts';
import { changeable, options } from '../../src/flow/options.ts';
import { type Position, position } from '../../src/flow/position.ts';
import type { Facts, Input, Session } from '../../src/flow/session.ts';
import { isGone } from '../../src/flow/shown.ts';
import { begin, step } from '../../src/flow/step.ts';
import { valuesAt } from '../../src/proof/classes.ts';
import { type Given, type Model, modelOf } from '../../src/proof/model.ts';
import { moveRules } from '../../src/proof/prove.ts';

const interrupts = ['help', 'language', 'human', 'urgent', 'stop', 'delete', 'back'] as const;
const names = ['childStaff', 'protectionStaff', 'draftLanguage'] as const;
/** The facts the flow may look at, in all combinations. */
const worlds = Array.from({ length: 8 }, (_, bits) => names.map((__, i) => (bits & (1 << i)) > 0));

/** Calls in every world but those that could not be told from one before: nobody looked at what is otherwise in them. */
function everyWorld(requestOpen: boolean, run: (facts: Facts) => void): void {
  const done: { asked: Set<number>; world: boolean[] }[] = [];
  for (const world of worlds) {
    if (done.some((one) => [...one.asked].every((i) => one.world[i] === world[i]))) continue;
    const asked = new Set<number>();
    const facts = { requestOpen, programmes: {} };
    names.forEach((name, i) => {
      Object.defineProperty(facts, name, { get: () => asked.add(i) && world[i] });
    });
    run(facts as Facts);
    done.push({ asked, world });
  }
}

type State = { session: Session; open: boolean };
const nameOf = ({ session, open }: State): string => {
  const { version: _, hash: __, seq: ___, asked: ____, ...rest } = session;
  return JSON.stringify([open, { ...rest, picks: Object.entries(rest.picks).sort(), answers: Object.entries(rest.answers).sort() }]);
};

function inputs(flow: Flow, topics: string[], { session, open }: State, here: Position): Input[] {
  const all: Input[] = [
    ...interrupts.map((name): Input => ({ kind: 'interrupt', name })),
    ...Object.keys(flow.interrupts.urgent.byWord).map((group): Input => ({ kind: 'interrupt', name: 'urgent', group })),
    ...(['words', 'media', 'edited'] as const).map((why): Input => ({ kind: 'unclear', why })),
    { kind: 'stale' },
    { kind: 'again' },
    ...(open ? [{ kind: 'message' } as const] : []),
  ];
  const at = here.step;
  if (session.done !== null && at === null)
    return [...all, { kind: 'start' }, ...flow.links.map((link): Input => ({ kind: 'start', at: link }))];
  if (at === null) return all;
  if (at.write) return [...all, { kind: 'written' }];
  const field = at.ask === undefined ? undefined : flow.fields[at.ask];
  const values = [...valuesAt(flow, at), ...(field !== undefined && field.data !== 'consent' ? [null] : [])];
  const shown = options(flow, session, at, here.known);
  return [
    ...all,
    ...values.filter((value) => !Array.isArray(value)).map((value): Input => ({ kind: 'answer', value })),
    ...(field?.type === 'choices' ? field.values.map((value): Input => ({ kind: 'toggle', value })) : []),
    ...(session.marked.length > 0 ? [{ kind: 'answer', value: session.marked } as const] : []),
    ...(shown.includes('~more') || at.review ? [{ kind: 'page', page: session.page + 1 } as const] : []),
    ...(at.review && session.page > 0 ? changeable(flow, session, here.known).map((item): Input => ({ kind: 'change', item })) : []),
    ...(at.menu !== undefined && !flow.private.includes(at.file) ? topics.map((to): Input => ({ kind: 'topic', at: to })) : []),
  ];
}

/** `rule place` of every broken rule over single moves, and how many states there are. */
export function bruteForce(given: Given): { broken: Set<string>; states: number } {
  const { flow } = given;
  const model: Model = { ...modelOf(given), small: flow };
  const broken = new Set<string>();
  const seen = new Set<string>();
  const queue: State[] = [];
  const arrive = (state: State): boolean => {
    const name = nameOf(state);
    if (seen.has(name)) return false;
    seen.add(name);
    queue.push(state);
    return true;
  };
  for (const open of [false, true])
    for (const at of [undefined, ...flow.links])
      everyWorld(open, (facts) => {
        const input: Input = { kind: 'start', ...(at === undefined ? {} : { at }) };
        arrive({ open, session: step(flow, begin(flow, flow.languages[0] ?? '', 0), input, facts).session });
      });
  for (let state = queue.pop(); state !== undefined; state = queue.pop())
    for (const isOpen of state.open ? [true, false] : [false]) {
      const { session, open: was } = state;
      const todo = new Map<string, Input>();
      everyWorld(isOpen, (facts) => {
        for (const input of inputs(flow, model.topics, { session, open: was }, position(flow, session, facts)))
          todo.set(JSON.stringify(input), input);
      });
      for (const [name, input] of todo)
        everyWorld(isOpen, (facts) => {
          const before = position(flow, session, facts);
          if (!inputs(flow, model.topics, { session, open: was }, before).some((one) => JSON.stringify(one) === name)) return;
          const { session: after, effects } = step(flow, session, input, facts);
          const here = position(flow, after, facts);
          const ended = effects.some((one) => one.do === 'withdraw' || one.do === 'forget');
          const open = (isOpen && !ended) || effects.some((one) => one.do === 'open-case');
          const fresh = arrive({ session: after, open });
          const node = { session, open: isOpen, decided: new Map(), from: null, code: '' };
          const changed = isGone(session, before);
          for (const rule of moveRules) {
            const found = rule.broken(model, { node, input, code: '', facts, before, effects, after, changed, fresh, here, open });
            if (found !== null) broken.add(`${rule.id} ${found.at}`);
          }
        });
    }
  return { broken, states: seen.size };
}
