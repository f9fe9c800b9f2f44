// The form of flow files: route only, no texts and no expressions. Whatever is not listed here is
// refused at load, so that a typo can never become a silent change of somebody's way.
import { z } from 'zod';
import { ruleNames } from './rules.ts';
import type { Kind } from './session.ts';

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use small letters, digits and single hyphens');
const ref = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)?$/, 'use step or file/step');
const kind = z.enum(['return', 'talk', 'protection']);

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { rule: string }
  | { [about: string]: string | string[] | { answered: boolean } };

const expected = z.union([z.string(), z.array(z.string()).min(1), z.strictObject({ answered: z.boolean() })]);

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition).min(1) }),
    z.strictObject({ any: z.array(condition).min(1) }),
    z.strictObject({ not: condition }),
    z.strictObject({ rule: z.enum(ruleNames) }),
    z
      .record(ref, expected)
      .refine((about) => !('rule' in about), `no such rule; there are ${ruleNames.join(', ')}`)
      .refine((about) => Object.keys(about).length === 1, 'one field or step per condition; join several with all or any'),
  ]),
);

const field = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('choice').describe('One value of a short list'),
    values: z.array(name).min(2).max(7),
    data: z.enum(['none', 'consent', 'personal', 'sensitive']).describe('How private the answer is'),
    kind: kind.optional().describe('Consent only: the one kind of case it opens'),
    covers: z.array(z.string()).optional().describe('Consent only: fields, picks and file/* that may be handed off'),
    keep: z
      .string()
      .regex(/^[0-9]+d$/)
      .optional()
      .describe('Days from last contact; required when personal or sensitive'),
  }),
  z.strictObject({
    type: z.literal('choices').describe('Several values of a short list'),
    values: z.array(name).min(2).max(7),
    none: name.describe('The value that excludes the others'),
    data: z.enum(['none', 'personal', 'sensitive']),
    keep: z
      .string()
      .regex(/^[0-9]+d$/)
      .optional(),
  }),
  z.strictObject({
    type: z.literal('list').describe('One entry of lists.yaml, six a page or typed'),
    of: name,
    data: z.enum(['none', 'personal', 'sensitive']),
    keep: z
      .string()
      .regex(/^[0-9]+d$/)
      .optional(),
  }),
  z.strictObject({
    type: z.literal('phone').describe('A phone number; the engine only ever sees `given`'),
    data: z.enum(['personal', 'sensitive']),
    keep: z
      .string()
      .regex(/^[0-9]+d$/)
      .optional(),
  }),
]);

const branches = z.array(z.strictObject({ when: condition.optional(), to: ref })).min(1);

const step = z.strictObject({
  say: z.array(name).min(1).optional().describe('Text keys shown in passing'),
  ask: name.optional().describe('Field to ask for'),
  menu: z.record(name, ref).optional().describe('Option to next step; `resume` ends a detour or leads home'),
  pick: name.optional().describe('A menu over a list of lists.yaml; the way on is in next'),
  review: z.literal('covered').optional().describe('Recap of all the consent covers; next names send and cancel'),
  write: z.literal(true).optional().describe('Text to a caseworker (my-case only)'),
  language: z.literal(true).optional().describe('Sets the language'),
  handoff: z
    .strictObject({ kind, consent: name, send: z.literal('covered').optional(), reason: name.optional() })
    .optional()
    .describe('Opens a case of one kind'),
  tell: z
    .strictObject({ event: z.enum(['share', 'follow-up']), consent: name })
    .optional()
    .describe('Tells the open request: the answer to a question of the desk, or answers given after a return'),
  withdraw: z.literal(true).optional().describe('Takes the open request back (my-case only)'),
  forget: z.literal('all').optional().describe('Erases the person'),
  next: z.union([ref, branches, z.strictObject({ send: ref, cancel: ref })]).optional(),
  restart: ref.optional().describe('Begins a new walk and drops what is not carried'),
  end: z.enum(['handed-off', 'closed', 'stopped', 'erased']).optional(),
});

export const flowFile = z.strictObject({
  private: z.boolean().optional().describe('Never counted, never linked; picks survive no restart'),
  exits: z.record(name, ref).optional().describe('The gate only: the named ways out'),
  steps: z.record(name, step),
});

const go = z.strictObject({ go: ref, 'by-word': z.record(name, ref).optional() });

export const commonFile = z.strictObject({
  version: z.number().int().positive().describe('Raised whenever a consent or its coverage changes'),
  entry: ref.describe('Where everybody begins'),
  home: ref.describe('Where `resume` leads outside a detour'),
  reply: ref.describe("Where a caseworker's message leads, so that the next words answer it"),
  share: ref.optional().describe('Where the desk asks whether it may pass a request on'),
  links: z.array(ref).describe('Steps a link may open: never a question, never a private file'),
  languages: z.array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{4})?$/)).min(1),
  tries: z.strictObject({ max: z.number().int().min(1).max(9), then: ref }),
  budget: z.strictObject({ picks: z.number().int(), answers: z.number().int() }),
  safe: z.array(ref).describe('Yes at one of these precedes every consent'),
  carry: z.array(ref).describe('Picks a restart keeps'),
  moved: z.record(z.string(), z.string()).optional().describe('Former field or step to its new name'),
  fields: z.record(name, field),
  interrupts: z.strictObject({
    help: go,
    language: go,
    human: go,
    urgent: go,
    stop: go,
    delete: go,
    back: z.strictObject({ builtin: z.literal('back') }),
  }),
  promises: z.array(z.strictObject({ when: condition, never: z.strictObject({ kind }) })),
});

export const listsFile = z.record(name, z.array(name).min(1));

export type Field = z.infer<typeof field>;
export type StepRef = string;
export type Branch = { when?: Condition; to: StepRef };

/** One place, with every name made whole (`file/step`). */
export type Step = {
  ref: StepRef;
  file: string;
  say: string[];
  ask?: string;
  menu?: Record<string, StepRef>;
  pick?: string;
  review?: true;
  write?: true;
  language?: true;
  handoff?: { kind: Kind; consent: string; send: boolean; reason?: string };
  tell?: { event: 'share' | 'follow-up'; consent: string };
  withdraw?: true;
  forget?: true;
  next?: Branch[];
  send?: StepRef;
  cancel?: StepRef;
  restart?: StepRef;
  end?: 'handed-off' | 'closed' | 'stopped' | 'erased';
};

/** All files linked into one graph, frozen at start-up. */
export type Flow = {
  version: number;
  /** SHA-256 of the structure, 12 hex digits; texts do not count. */
  hash: string;
  entry: StepRef;
  home: StepRef;
  reply: StepRef;
  share?: StepRef;
  links: StepRef[];
  languages: string[];
  tries: { max: number; then: StepRef };
  budget: { picks: number; answers: number };
  safe: StepRef[];
  carry: StepRef[];
  moved: Record<string, string>;
  fields: Record<string, Field>;
  lists: Record<string, string[]>;
  interrupts: Record<'help' | 'language' | 'human' | 'urgent' | 'stop' | 'delete', { go: StepRef; byWord: Record<string, StepRef> }>;
  promises: { when: Condition; never: { kind: Kind } }[];
  private: string[];
  exits: Record<string, StepRef>;
  steps: Record<StepRef, Step>;
  /** Field, then language: hash of what the person agrees to, operator values inserted. */
  consentText: Record<string, Record<string, string>>;
};
