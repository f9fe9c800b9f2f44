// The rules that outgrew data: pure functions over what is known and what the shell says of the
// world. `outcome` is the table of R26; the flow may only ask for it by name.
import type { Facts, Known } from './session.ts';

export type GateOutcome = 'child' | 'detained' | 'protect' | 'talk' | 'clear' | 'adult-starts';

const gate = ['who', 'age', 'child', 'place', 'fear', 'pressure', 'papers', 'papers-back', 'court'] as const;

type Question = (typeof gate)[number];
/** Made once: this table is read at every step of whoever has passed the gate. */
const refs = Object.fromEntries(gate.map((step) => [step, `gate/${step}`])) as Record<Question, string>;

/** What the gate picks lead to; the first line that fits decides (domain table 3.3). */
export function outcome(picks: Known): GateOutcome {
  const at = (step: Question) => picks[refs[step]];
  const says = (step: Question, ...values: string[]) => values.includes(String(at(step)));
  if (says('who', 'child') || says('age', 'under-18')) return says('child', 'parent') ? 'adult-starts' : 'child';
  if (says('place', 'detained')) return 'detained';
  if (says('place', 'kept')) return 'protect';
  if (says('fear', 'yes', 'not-sure') || says('pressure', 'yes', 'not-sure')) return 'protect';
  if (says('papers-back', 'no', 'not-sure')) return 'protect';
  if (says('who', 'other-adult') || says('age', 'dont-know') || says('court', 'yes', 'not-sure')) return 'talk';
  const asked = gate.filter((step) => step !== 'child' && (step !== 'papers-back' || says('papers', 'someone')));
  return asked.every((step) => at(step) !== undefined && at(step) !== 'skip') ? 'clear' : 'talk';
}

type Rule = { reads: string[]; holds(known: Known, facts: Facts): boolean };

const country = 'welcome/country';
const pack = (known: Known, facts: Facts) => facts.programmes[String(known[country])];

export const rules = {
  /** Every gate question answered, and none of the answers calls for another way. */
  clear: { reads: Object.values(refs), holds: (known) => outcome(known) === 'clear' },
  'request-open': { reads: [], holds: (_, facts) => facts.requestOpen },
  /** No pack, or a pack that takes no requests now. */
  'no-programme': { reads: [country], holds: (known, facts) => !pack(known, facts)?.open },
  /** Return help to this country was refused or advised against (R23). */
  'no-return': {
    reads: [country, 'to-country'],
    holds: (known, facts) => pack(known, facts)?.noReturn.includes(String(known['to-country'])) ?? true,
  },
  'repeat-window': { reads: [country], holds: (known, facts) => pack(known, facts)?.repeatWindow ?? false },
  /** An independent partner can visit places of detention (R27). */
  'partner-visits': { reads: [country], holds: (known, facts) => pack(known, facts)?.partnerVisits ?? false },
  'no-child-staff': { reads: [], holds: (_, facts) => !facts.childStaff },
  'no-protection-staff': { reads: [], holds: (_, facts) => !facts.protectionStaff },
  /** No gate and no consent in words that nobody has checked (R18). */
  'draft-language': { reads: [], holds: (_, facts) => facts.draftLanguage === true },
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
export const ruleNames = Object.keys(rules) as RuleName[];
