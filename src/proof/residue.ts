// What many picks together still mean. A rule such as `clear` reads a whole file of picks; half-way
// through, only what it can still say counts, not which picks brought it there.
import { choose, reads } from '../flow/condition.ts';
import type { Condition, Flow } from '../flow/definition.ts';
import { rules } from '../flow/rules.ts';
import type { Facts, Known } from '../flow/session.ts';
import { type Classes, rulesIn } from './classes.ts';

export type Residue = { items: ReadonlySet<string>; of(known: Known): string };

const nowhere: Facts = { requestOpen: false, programmes: {}, childStaff: false, protectionStaff: false };
const most = 20_000;

export function residueOf(flow: Flow, classes: Classes): Residue {
  const branches = Object.values(flow.steps).flatMap((step) =>
    (step.next ?? []).flatMap((branch) => (branch.when === undefined ? [] : [branch.when])),
  );
  const whens: Condition[] = flow.promises.map((promise) => promise.when);
  const simple = flow.promises.filter((promise) => reads(promise.when).length === 1 && rulesIn(promise.when).length === 0);
  const named = new Set(
    [...branches, ...whens.filter((when) => !simple.some((promise) => promise.when === when))].flatMap((when) =>
      rulesIn(when).length === 0 ? reads(when) : [],
    ),
  );
  const mixed = new Set(branches.filter((when) => rulesIn(when).length > 0 && !('rule' in when)).flatMap(rulesIn));
  const parts = [...new Set(branches.flatMap(rulesIn))].flatMap((name) => {
    const { holds } = rules[name];
    const items: string[] = rules[name].reads;
    if (items.length < 3 || mixed.has(name) || items.some((item) => named.has(item))) return [];
    const contexts = classes.contexts(name);
    if (contexts === null || contexts.length > most) return [];
    const answers = contexts.map((known) => ({ known, says: holds(known, nowhere) }));
    const seen = new Map<string, string>();
    const left = (known: Known): string => {
      const held = items.filter((item) => known[item] !== undefined);
      const key = held.map((item) => `${item}=${known[item]}`).join();
      const before = seen.get(key);
      if (before !== undefined) return before;
      const fitting = answers.filter((one) => held.every((item) => one.known[item] === known[item]));
      const rest = new Set(fitting.map((one) => `${items.map((item) => (held.includes(item) ? '' : one.known[item]))} ${one.says}`));
      const text = [...rest].sort().join('\n');
      seen.set(key, text);
      return text;
    };
    return [{ items, left }];
  });
  const items = new Set(parts.flatMap((part) => part.items));
  const numbers = new Map<string, number>();
  return {
    items,
    of(known) {
      const broken = simple
        .filter((promise) => choose([{ when: promise.when, to: 'x' }, { to: '' }], known, nowhere) === 'x')
        .map((promise) => promise.never.kind);
      const text = [...parts.map((part) => part.left(known)), ...new Set(broken)].join('\n\n');
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return String(number);
    },
  };
}
