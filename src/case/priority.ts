// How soon a request should be read, as a table that anybody can check. Every rule that fits is
// shown to the caseworker. A question that was skipped is a reason to ask, never a sign of safety.
import type { Kind, Known } from '../flow/session.ts';
import type { Level } from './case.ts';

export type Seen = { kind: Kind; field: string; answers: Known; asked: boolean; crisis: boolean };

type Rule = { code: string; level: Level; fits(seen: Seen): boolean };

/** The questions that decide a level. */
const questions = ['needs', 'missing'] as const;

const says = (seen: Seen, item: string, value: string) => {
  const given = seen.answers[item];
  return Array.isArray(given) ? given.includes(value) : given === value;
};
const noShelter = (seen: Seen) => says(seen, 'missing', 'sleep');
const need = (value: string) => (seen: Seen) => says(seen, 'needs', value);

/** From the most urgent to the least. `baby` beside `no-shelter-baby` would say the same thing twice. */
export const rules: readonly Rule[] = [
  { code: 'child-alone', level: 'urgent', fits: (seen) => seen.kind === 'protection' && seen.field === 'assent' },
  { code: 'crisis-words', level: 'urgent', fits: (seen) => seen.crisis },
  { code: 'no-shelter-baby', level: 'urgent', fits: (seen) => noShelter(seen) && need('baby')(seen) },
  { code: 'no-shelter-pregnancy', level: 'urgent', fits: (seen) => noShelter(seen) && need('pregnancy')(seen) },
  { code: 'protection', level: 'high', fits: (seen) => seen.kind === 'protection' },
  {
    code: 'no-shelter',
    level: 'high',
    fits: (seen) => noShelter(seen) && !need('baby')(seen) && !need('pregnancy')(seen),
  },
  { code: 'no-water', level: 'high', fits: (seen) => says(seen, 'missing', 'water') },
  { code: 'no-food', level: 'high', fits: (seen) => says(seen, 'missing', 'food') },
  { code: 'baby', level: 'high', fits: (seen) => need('baby')(seen) && !noShelter(seen) },
  { code: 'pregnancy', level: 'high', fits: (seen) => need('pregnancy')(seen) && !noShelter(seen) },
  { code: 'health', level: 'high', fits: need('health') },
  { code: 'disability', level: 'high', fits: need('disability') },
  { code: 'older-person', level: 'high', fits: need('older-person') },
  { code: 'at-border', level: 'high', fits: (seen) => says(seen, 'gate/place', 'border') },
  { code: 'asked-for-person', level: 'normal', fits: (seen) => seen.asked },
  {
    code: 'not-answered',
    level: 'normal',
    fits: (seen) => seen.kind === 'return' && questions.some((item) => seen.answers[item] === undefined || seen.answers[item] === null),
  },
];

const rank: Record<Level, number> = { urgent: 0, high: 1, normal: 2 };

/** The level and the codes of all rules that fit, the gravest first. */
export function priority(seen: Seen): { level: Level; reasons: string[] } {
  const fitting = rules.filter((rule) => rule.fits(seen));
  return { level: fitting[0]?.level ?? 'normal', reasons: fitting.map((rule) => rule.code) };
}

/** A level only ever rises while a request is open, and the earlier reasons stay visible. */
export function raise(now: { level: Level; reasons: string[] }, code: string, level: Level): { level: Level; reasons: string[] } {
  return {
    level: rank[level] < rank[now.level] ? level : now.level,
    reasons: now.reasons.includes(code) ? now.reasons : [code, ...now.reasons],
  };
}
