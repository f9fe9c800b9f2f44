// What the desk and outside case systems say to each other. One schema per type for ever: additive
// changes only. What goes out is thin: ids and codes, never a word of the person.
import { z } from 'zod';
import { caseId, envelope, hash, lang, messageId, ref } from './contract.ts';

const seq = z.number().int().positive().describe('Counts up per request and endpoint; a gap or repeat is visible');
const ids = { case_id: caseId, ref, seq };
const organisation = z.string().max(60).describe('The organisation a share-consent names');

const value = z.union([z.string(), z.array(z.string()), z.null()]);
const details = z
  .object({
    channel: z.string(),
    country: z.string().nullable(),
    opened_at: z.iso.datetime(),
    answers: z.record(z.string(), value).describe('Coded; a telephone number only as `given`'),
    words: z.array(z.object({ question: z.string(), answer: z.string().nullable() })).describe("In the endpoint's language"),
    consent: z.object({
      kind: z.string(),
      field: z.string(),
      version: z.number().int(),
      language: lang,
      hash,
      at: z.iso.datetime(),
    }),
  })
  .describe('Only with `payload: full`, which needs a share-consent that names the endpoint’s organisation');

const facts = z
  .object({
    ...ids,
    kind: z.enum(['return', 'talk', 'protection']),
    office: z.string().nullable(),
    language: lang,
    status: z.string(),
    priority: z.enum(['urgent', 'high', 'normal']),
    reasons: z.array(z.string()).describe('Codes of all rules that fit'),
    consent: z.object({
      contact: z.boolean().describe('Whether the person may be written to'),
      share: z.array(organisation).describe('An outside endpoint sees its own organisation alone'),
    }),
    url: z.url().describe('The request at the desk'),
    details: details.optional(),
  })
  .meta({ id: 'EventFacts' });

const event = <T extends string, D extends z.ZodType>(type: T, data: D) => envelope(type, data).meta({ id: `event.${type}` });

/** To an endpoint. Receivers ignore fields they do not know. */
export const outsideEvent = z.discriminatedUnion('type', [
  event('case.opened', facts),
  event('case.updated', facts),
  event('case.priority_changed', facts),
  event('case.claimed', facts),
  event('case.transferred', z.object({ ...facts.shape, organisation: organisation.optional(), to_office: z.string().optional() })),
  event('case.status_changed', facts),
  event('case.closed', z.object({ ...ids, reason: z.string() })),
  event('case.withdrawn', z.object({ case_id: caseId, seq })),
  event('case.erased', z.object({ case_id: caseId, seq })),
  event('message.received', z.object({ ...ids, message_id: messageId, urgent: z.boolean() })),
  event('message.delivered', z.object({ ...ids, message_id: messageId })),
  event('message.failed', z.object({ ...ids, message_id: messageId, reason: z.string() })),
  event('consent.granted', z.object({ ...facts.shape, organisation })),
  event('consent.revoked', z.object({ ...ids, organisation })),
  event('audit.head', z.object({ seq, rows: z.number().int(), mac: z.string() })),
  event('endpoint.test', z.object({ seq, endpoint: z.string() })),
  event('endpoint.disabled', z.object({ seq, endpoint: z.string(), reason: z.enum(['gone', 'failing']) })),
]);
export type OutsideType = z.infer<typeof outsideEvent>['type'];
export type Facts = z.infer<typeof facts>;
const outsideTypes = outsideEvent.options.map((one) => one.shape.type.value);

/** What an administrator may leave out. The test and the end of a person's data always come. */
export const chosenTypes = outsideTypes.filter((type) => type !== 'endpoint.test' && type !== 'case.erased');

const heard = { case_id: caseId, seq: z.number().int().positive().describe('Counts up per request; one not above the last is stale') };
const sent = <T extends string, D extends z.ZodType>(type: T, data: D) => envelope(type, data).meta({ id: `inbound.${type}` });

/** From an endpoint, to `/hooks/in/:endpoint`. */
export const insideEvent = z.discriminatedUnion('type', [
  sent('case.claimed', z.strictObject(heard)),
  sent('case.status_changed', z.strictObject({ ...heard, status: z.enum(['new', 'claimed', 'waiting_us', 'waiting_person']) })),
  sent('case.closed', z.strictObject({ ...heard, reason: z.enum(['done', 'no-contact', 'other-service', 'duplicate', 'other']) })),
  sent('case.merge_suggested', z.strictObject({ ...heard, other_case_id: caseId })),
  sent('case.erase_requested', z.strictObject(heard)),
  sent(
    'appointment.proposed',
    z.strictObject({ ...heard, starts_at: z.iso.datetime({ offset: true }), place: z.string().trim().min(1).max(200).optional() }),
  ),
  sent('message.send', z.strictObject({ ...heard, text: z.string().trim().min(1).max(1000) })),
]);
export type InsideEvent = z.infer<typeof insideEvent>;
export const insideTypes = insideEvent.options.map((one) => one.shape.type.value);
