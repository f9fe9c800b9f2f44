// The bodies of `/api/v1` as schemas: what is checked on the way in, and what the answers keep to. The
// description of the interface is made from them.
import { z } from 'zod';
import { closeReasons, kinds, levelReasons, levels, statuses } from '../case/case.ts';

const time = z.iso.datetime();

export const words = z.strictObject({ text: z.string().trim().min(1).max(4096) }).meta({ id: 'Words' });
export const closing = z.strictObject({ reason: z.enum(closeReasons) }).meta({ id: 'Closing' });
export const nothing = z.strictObject({}).optional();
export const listing = z.strictObject({
  status: z.enum(statuses).optional().describe('Open ones unless given'),
  kind: z.enum(kinds).optional(),
  after: z.string().max(300).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).optional().describe('50 unless given, at most 100'),
});
export const eventListing = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,12}$/)
    .optional()
    .describe('`cursor` of the last event you have, or `next`'),
  limit: z.coerce.number().int().min(1).optional().describe('50 unless given, at most 100'),
});
export const replaying = z
  .strictObject({
    since: z.iso.datetime({ offset: true }).optional().describe('All events from then on'),
    events: z
      .array(z.string().regex(/^msg_[0-9a-f]{32}$/))
      .min(1)
      .max(500)
      .optional()
      .describe('Webhook ids'),
  })
  .refine(({ since, events }) => (since === undefined) !== (events === undefined), 'either since or events')
  .meta({ id: 'Replay' });

export const summaryShape = z
  .object({
    id: z.string(),
    ref: z.string(),
    kind: z.enum(kinds),
    status: z.enum(statuses),
    version: z.number().int(),
    priority: z.enum(levels),
    reasons: z.array(z.object({ code: z.string(), label: z.string() })),
    channel: z.string(),
    language: z.string(),
    country: z.string().nullable(),
    office: z.string().nullable().describe('Where it is worked on; null: everywhere'),
    byRules: z.enum(levels).optional().describe('What the rules say, where a caseworker set another level'),
    setBecause: z.enum(levelReasons).optional(),
    openedAt: time,
    waitingSince: time,
    closedAt: time.optional(),
    closedReason: z.enum(closeReasons).nullable().optional(),
  })
  .meta({ id: 'Case' });

const answers = z.record(z.string(), z.union([z.string(), z.array(z.string()), z.null()]));
const share = z.object({ organisation: z.string(), agreed: z.boolean(), at: time });
const consent = z.object({
  kind: z.enum(kinds),
  field: z.string(),
  version: z.number().int(),
  language: z.string(),
  hash: z.string(),
  at: z.string(),
  covers: z.array(z.string()),
  shares: z.array(share),
});
const message = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  state: z.string(),
  reason: z.string().nullable(),
  possibleRepeat: z.boolean(),
  urgent: z.boolean(),
  author: z.string().nullable(),
  text: z.string().nullable(),
  at: time,
});
const note = z.object({ id: z.string(), author: z.string().nullable(), text: z.string().nullable(), restricted: z.boolean(), at: time });
const line = z.object({ at: time, actor: z.string().nullable(), action: z.string(), detail: z.string() });

/** What an endpoint of another organisation sees of a request shared with it. */
export const sharedShape = z.object({ ...summaryShape.shape, answers, consent: consent.nullable() }).meta({ id: 'SharedCase' });
export const wholeShape = z
  .object({
    ...sharedShape.shape,
    reason: z.string().optional(),
    followups: z.array(z.object({ answers, at: time })),
    messages: z.array(message),
    notes: z.array(note),
    history: z.array(line),
  })
  .meta({ id: 'WholeCase' });
export const listShape = z.object({ cases: z.array(summaryShape), next: z.string().nullable() });
export const queuedShape = z.object({ id: z.string(), state: z.literal('queued') });
export const replayedShape = z.object({ replayed: z.number().int() });

/** An event as it is posted, with its webhook id and its place in the order. */
const fetchedShape = z.object({
  id: z.string(),
  cursor: z.string(),
  type: z.string(),
  timestamp: time,
  version: z.literal(1),
  data: z.looseObject({ consent: z.looseObject({ share: z.array(z.string()) }).optional() }),
});
export type Fetched = z.infer<typeof fetchedShape>;
export const feedShape = z.object({ events: z.array(fetchedShape), next: z.string().nullable() });

/** One row an event; new columns come at the end. */
export const eventColumns = [
  ...['cursor', 'id', 'timestamp', 'type', 'case_id', 'ref', 'seq', 'kind', 'office', 'language', 'status', 'priority', 'reasons', 'share'],
  ...['organisation', 'message_id', 'urgent', 'reason', 'url'],
] as const;
