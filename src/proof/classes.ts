// Which answers nobody tells apart: same way on, and alike for every condition, promise and rule. One of
// each class is walked in the proof; the others would lead through the same states under other names.
import type { Condition, Flow, Step } from '../flow/definition.ts';
import { type RuleName, rules } from '../flow/rules.ts';
import type { Known, Value } from '../flow/session.ts';
import { arrows, beginnings, leadingTo } from './graph.ts';
import type { EveryWorld } from './worlds.ts';

/** `at`: one value of each class that can be given at a step; `null` is skip. `factsOf`: what a rule asks of the world;
 * `contexts`: all it can find known where it is asked. */
export type Classes = { at(step: Step): Value[]; factsOf(rule: RuleName): ReadonlySet<string>; contexts(rule: RuleName): Known[] | null };

const mostPairs = 100_000;
const mostContexts = 100_000;

export function classesOf(flow: Flow, topics: string[], everyWorld: EveryWorld): Classes {
  const facts = new Map<RuleName, ReadonlySet<string>>();
  const listed = new Map<RuleName, Known[] | null>();
  const contexts = (rule: RuleName): Known[] | null => {
    const before = listed.get(rule);
    if (before !== undefined) return before;
    const found = contextsOf(flow, topics, rule);
    listed.set(rule, found);
    return found;
  };
  const conditions = [
    ...Object.values(flow.steps).flatMap((step) => (step.next ?? []).flatMap((branch) => (branch.when === undefined ? [] : [branch.when]))),
    ...flow.promises.map((promise) => promise.when),
  ];
  const atoms = new Map<string, (value: Value) => boolean>();
  for (const condition of conditions) for (const [text, fits] of atomsOf(condition)) atoms.set(text, fits);
  const used = new Set(conditions.flatMap(rulesIn));
  const tables = [...used].map((rule) => tableOf(flow, contexts, everyWorld, rule, facts));
  const by = new Map<string, [string, (value: Value) => boolean][]>();
  for (const [text, fits] of atoms) {
    const item = text.slice(0, text.indexOf(' '));
    by.set(item, [...(by.get(item) ?? []), [text, fits]]);
  }
  const chosen = new Map<string, Value[]>();
  return {
    contexts,
    factsOf: (rule) => facts.get(rule) ?? new Set(),
    at(step) {
      const before = chosen.get(step.ref);
      if (before !== undefined) return before;
      const item = step.ask ?? step.ref;
      const seen = new Map<string, Value>();
      for (const value of valuesAt(flow, step)) {
        const told = (by.get(item) ?? []).map(([, fits]) => fits(value));
        const way = step.menu?.[String(value)] ?? '';
        const own = flow.fields[item]?.data === 'consent' || step.review || (flow.safe.includes(step.ref) && value === 'yes');
        const key = [way, own ? value : '', told, ...tables.map((table) => table(item, value))].join('|');
        if (!seen.has(key)) seen.set(key, value);
      }
      const values = [...seen.values()];
      chosen.set(step.ref, values);
      return values;
    },
  };
}

/** Every value that can be given here; of several at once each alone. */
export function valuesAt(flow: Flow, step: Step): Value[] {
  if (step.menu !== undefined) return Object.keys(step.menu);
  if (step.language) return flow.languages;
  if (step.pick !== undefined) return [...(flow.lists[step.pick] ?? []), 'skip'];
  if (step.review) return ['send', 'cancel'];
  if (step.write) return ['written'];
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  if (field === undefined) return [];
  if (field.data === 'consent') return ['yes', 'no'];
  if (field.type === 'choice') return [...field.values, null];
  if (field.type === 'choices') return [...field.values.map((value) => [value]), null];
  if (field.type === 'list') return [...(flow.lists[field.of] ?? []), null];
  return ['given', null];
}

const domainOf = (flow: Flow, item: string): Value[] => {
  const step = flow.steps[item] ?? Object.values(flow.steps).find((one) => one.ask === item);
  return step === undefined ? [] : valuesAt(flow, step);
};

/** The single comparisons of a condition, each as text and function. */
function atomsOf(condition: Condition): [string, (value: Value) => boolean][] {
  if ('all' in condition) return (condition as { all: Condition[] }).all.flatMap(atomsOf);
  if ('any' in condition) return (condition as { any: Condition[] }).any.flatMap(atomsOf);
  if ('not' in condition) return atomsOf(condition.not as Condition);
  if ('rule' in condition) return [];
  return Object.entries(condition).map(([item, expected]) => [
    `${item} ${JSON.stringify(expected)}`,
    (value) => {
      if (typeof expected === 'object' && !Array.isArray(expected)) return value !== null;
      const wanted = Array.isArray(expected) ? expected : [expected];
      return (Array.isArray(value) ? value : value === null ? [] : [value]).some((one) => wanted.includes(one));
    },
  ]);
}

export function rulesIn(condition: Condition): RuleName[] {
  if ('all' in condition) return (condition as { all: Condition[] }).all.flatMap(rulesIn);
  if ('any' in condition) return (condition as { any: Condition[] }).any.flatMap(rulesIn);
  if ('not' in condition) return rulesIn(condition.not as Condition);
  return 'rule' in condition ? [condition.rule as RuleName] : [];
}

type Table = { asked: ReadonlySet<string>; said: ReadonlyMap<string, string> };

/** A rule over a few items is asked about every combination; that table depends on nothing else. */
const remembered = new Map<string, { of: string; table: Table }>();

/** What a rule says for a value in every context in which it can be asked: equal texts, equal values. */
function tableOf(
  flow: Flow,
  contexts: Classes['contexts'],
  everyWorld: EveryWorld,
  name: RuleName,
  facts: Map<RuleName, ReadonlySet<string>>,
) {
  const items: string[] = rules[name].reads;
  const domains = items.map((item) => domainOf(flow, item));
  const all = domains.reduce((product, domain) => product * domain.length, 1) <= mostPairs;
  let table: Table | null = null;
  if (all) {
    const of = JSON.stringify(domains);
    const before = remembered.get(name);
    table = before?.of === of ? before.table : ask(name, everyOne(items, domains), everyWorld, true);
    remembered.set(name, { of, table });
  } else {
    const known = contexts(name);
    table = known === null ? null : ask(name, known, everyWorld, false);
  }
  facts.set(name, table?.asked ?? new Set());
  return (item: string, value: Value): string =>
    table === null ? (items.includes(item) ? JSON.stringify(value) : '') : (table.said.get(`${item} ${value}`) ?? '');
}

/** `all`: every combination comes, in one order for each value; else the others have to be named. */
function ask(name: RuleName, contexts: Known[], everyWorld: EveryWorld, all: boolean): Table {
  const { holds } = rules[name];
  const items: string[] = rules[name].reads;
  const said = new Map<string, string>();
  const asked = new Set<string>();
  for (const known of contexts) {
    let answer = '';
    everyWorld(false, (world, decided) => {
      answer += holds(known, world) ? `+${decided.size}` : `-${decided.size}`;
      for (const fact of decided.keys()) asked.add(fact);
    });
    for (const item of items) {
      const value = known[item];
      if (value === undefined) continue;
      const others = all ? '' : items.map((one) => (one === item ? '' : known[one])).join();
      const key = `${item} ${value}`;
      said.set(key, `${said.get(key) ?? ''}${others}${answer}`);
    }
  }
  return { asked, said };
}

const everyOne = (items: string[], domains: Value[][]): Known[] =>
  domains.reduce<Known[]>((all, domain, i) => all.flatMap((known) => domain.map((value) => ({ ...known, [items[i] ?? '']: value }))), [{}]);

/** Everything the rule can find known where a step asks for it, along every arrow; null: too much to list. */
function contextsOf(flow: Flow, topics: string[], name: RuleName): Known[] | null {
  const items: string[] = rules[name].reads;
  const asking = new Set(
    Object.values(flow.steps).flatMap((step) =>
      (step.next ?? []).some((branch) => branch.when !== undefined && rulesIn(branch.when).includes(name)) ? [step.ref] : [],
    ),
  );
  if (flow.promises.some((promise) => rulesIn(promise.when).includes(name))) return null;
  const leading = leadingTo(flow, asking);
  const found = new Map<string, Known>();
  const seen = new Set<string>();
  const open: { ref: string; known: Known }[] = [];
  const visit = (ref: string, known: Known) => {
    if (!leading.has(ref)) return;
    const key = `${ref} ${JSON.stringify(known)}`;
    if (seen.has(key)) return;
    seen.add(key);
    open.push({ ref, known });
  };
  // A carried item may have any value at a beginning, so it is offered at each of them.
  const carried = flow.carry.filter((item) => items.includes(item));
  for (const ref of beginnings(flow, topics)) {
    visit(ref, {});
    for (const item of carried) {
      const step = flow.steps[item];
      for (const value of step === undefined ? [] : valuesAt(flow, step)) visit(ref, { [item]: value });
    }
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { ref, known } = next;
    const step = flow.steps[ref === 'resume' ? flow.home : ref];
    if (step === undefined) continue;
    if (seen.size > mostContexts) return null;
    if (asking.has(ref)) found.set(JSON.stringify(known), known);
    const item = step.ask ?? step.ref;
    const values = items.includes(item) ? valuesAt(flow, step) : [undefined];
    for (const value of values) {
      const after = value === undefined ? known : Object.fromEntries(Object.entries({ ...known, [item]: value }).sort());
      const ways =
        value !== undefined && step.menu !== undefined
          ? [step.menu[String(value)] ?? '']
          : arrows(step).flatMap((one) => (one.by === 'restart' ? [] : [one.to]));
      for (const way of new Set(ways)) visit(way, after);
    }
  }
  // In one order, whatever way led there.
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, known]) => known);
}
