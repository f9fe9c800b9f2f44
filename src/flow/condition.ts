// Conditions over what is known on the current path. Data, not a language: a misspelt name or value
// is found when the file is read, not when somebody stands there.
import type { Branch, Condition } from './definition.ts';
import { type RuleName, rules } from './rules.ts';
import type { Facts, Known, Value } from './session.ts';

const isAll = (c: Condition): c is { all: Condition[] } => 'all' in c;
const isAny = (c: Condition): c is { any: Condition[] } => 'any' in c;
const isNot = (c: Condition): c is { not: Condition } => 'not' in c;
const isRule = (c: Condition): c is { rule: string } => 'rule' in c;

/** True where it holds. A skipped answer fits no value, only `answered: false`. */
function holds(condition: Condition, known: Known, facts: Facts): boolean {
  if (isAll(condition)) return condition.all.every((one) => holds(one, known, facts));
  if (isAny(condition)) return condition.any.some((one) => holds(one, known, facts));
  if (isNot(condition)) return !holds(condition.not, known, facts);
  if (isRule(condition)) return rules[condition.rule as RuleName].holds(known, facts);
  return Object.entries(condition).every(([about, expected]) => fits(known[about] ?? null, expected));
}

function fits(value: Value, expected: string | string[] | { answered: boolean }): boolean {
  if (typeof expected === 'object' && !Array.isArray(expected)) return (value !== null) === expected.answered;
  const wanted = Array.isArray(expected) ? expected : [expected];
  if (value === null) return false;
  return Array.isArray(value) ? value.some((one) => wanted.includes(one)) : wanted.includes(value);
}

/** The first branch that fits; the reader of flow files makes sure that the last always does. */
export function choose(branches: Branch[], known: Known, facts: Facts): string {
  const branch = branches.find((one) => one.when === undefined || holds(one.when, known, facts));
  if (branch === undefined) throw new Error('a step without a way on');
  return branch.to;
}

/** Everything a condition reads: fields, picks, and what its rules read. */
export function reads(condition: Condition): string[] {
  if (isAll(condition)) return condition.all.flatMap(reads);
  if (isAny(condition)) return condition.any.flatMap(reads);
  if (isNot(condition)) return reads(condition.not);
  if (isRule(condition)) return rules[condition.rule as RuleName].reads;
  return Object.keys(condition);
}
