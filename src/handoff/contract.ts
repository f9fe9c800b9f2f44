// What bot and desk say to each other, both ways. One schema per type for ever: additive changes only.
import { z } from 'zod';

const id = z.string().regex(/^[a-z]_[0-9a-z]{4,40}$/);
export const caseId = id.describe('c_ and hex, derived from the conversation');
const seq = z.number().int().positive().describe('Counts up per case and sender; a gap or repeat is visible');
export const lang = z.string().min(2).max(12);
export const hash = z
  .string()
  .regex(/^[0-9a-f]{12}$/)
  .describe('First 12 hex digits of the SHA-256 of the text agreed to');
export const messageId = id.describe('m_ and hex');
export const ref = z.string().regex(/^[0-9A-Z]{3}-[0-9A-Z]{3}$/);
const kind = z.enum(['return', 'talk', 'protection']);
const channel = z.enum(['telegram', 'whatsapp', 'web', 'terminal']);
const value = z.union([z.string().max(64), z.array(z.string().max(64)).max(8), z.null()]);
const text = z.string().min(1).max(4096).describe('UTF-16 units');

const consent = z.strictObject({
  kind,
  field: z.string().max(40).describe('`assent` for a child'),
  version: z.number().int().positive(),
  language: lang,
  hash,
  at: z.iso.datetime(),
  covers: z.array(z.string().max(60)).max(40),
});

export const envelope = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.strictObject({ type: z.literal(type), timestamp: z.iso.datetime(), version: z.literal(1), data });

export const opened = z
  .strictObject({
    case_id: caseId,
    ref,
    seq,
    kind,
    channel,
    language: lang,
    country: z.string().length(2).nullable(),
    consent,
    answers: z.record(z.string().max(60), value),
    reason: z.literal('asked-for-person').optional(),
    link: z.string().max(64).optional().describe('Link code, where the person left it in the recap'),
  })
  .refine((data) => data.consent.kind === data.kind, 'consent of another kind')
  .refine((data) => data.kind === 'return' || Object.keys(data.answers).length === 0, 'talk and protection carry no answers');

/** From the bot to `/hooks/cases`. */
export const caseEvent = z.discriminatedUnion('type', [
  envelope('case.opened', opened),
  envelope('message.received', z.strictObject({ case_id: caseId, seq, message_id: messageId, text, language: lang, urgent: z.boolean() })),
  envelope('message.delivered', z.strictObject({ case_id: caseId, seq, message_id: messageId, possible_repeat: z.boolean() })),
  envelope(
    'message.failed',
    z.strictObject({
      case_id: caseId,
      seq,
      message_id: messageId,
      reason: z.enum(['blocked_by_user', 'window_closed', 'channel_down', 'expired']),
    }),
  ),
  envelope(
    'consent.answered',
    z.strictObject({
      case_id: caseId,
      seq,
      organisation: z.string().max(60),
      agreed: z.boolean(),
      version: z.number().int(),
      language: lang,
      hash,
    }),
  ),
  envelope('followup.answered', z.strictObject({ case_id: caseId, seq, answers: z.record(z.string().max(60), value) })),
  envelope('case.withdrawn', z.strictObject({ case_id: caseId, seq })),
  envelope('case.erased', z.strictObject({ case_id: caseId, seq })),
]);

/** From the desk to `/hooks/messages`. */
export const deskEvent = z.discriminatedUnion('type', [
  envelope(
    'message.send',
    z.union([
      z.strictObject({ case_id: caseId, seq, message_id: messageId, text }),
      z.strictObject({ case_id: caseId, seq, message_id: messageId, notice: z.string().max(60).describe('A text key of the chat') }),
    ]),
  ),
  envelope('consent.ask', z.strictObject({ case_id: caseId, seq, organisation: z.string().max(60), name: z.string().max(80) })),
  envelope('case.closed', z.strictObject({ case_id: caseId, seq })),
  envelope('case.erased', z.strictObject({ case_id: caseId, seq })),
]);

export type CaseEvent = z.infer<typeof caseEvent>;
export type DeskEvent = z.infer<typeof deskEvent>;
export type Opened = z.infer<typeof opened>;
