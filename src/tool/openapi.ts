// The description of everything programs can reach, as OpenAPI 3.1, made from the schemas that check
// the requests. Written by `npm run draw` to where the desk serves it, and compared by `npm run check`.
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { asked } from '../channel/web-api.ts';
import * as shapes from '../desk/api-shapes.ts';
import { caseEvent, deskEvent } from '../handoff/contract.ts';
import { insideEvent, outsideEvent } from '../handoff/outside.ts';
import { problems } from '../http/problem.ts';

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).meta({ id: 'Error' });
const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
type Code = keyof typeof problems;

/** Answers for everything that can go wrong, the codes of one status together. */
const wrong = (...codes: Code[]) =>
  Object.fromEntries(
    codes.map((code) => {
      const same = codes.filter((other) => problems[other][0] === problems[code][0]);
      return [String(problems[code][0]), { description: same.map((one) => `\`${one}\`: ${problems[one][1]}`).join(' '), ...json(failure) }];
    }),
  );

const id = z.object({ id: z.string() });
const guarded = ['unauthorized', 'too_many', 'unavailable'] as const;
const moves = [
  'bad_request',
  'forbidden',
  'not_found',
  'claimed',
  'closed',
  'no_consent',
  'conflict',
  'stale',
  'invalid',
  'too_large',
] as const;
const sent = z.object({
  'idempotency-key': z.string().max(200).optional().describe('The same key again changes nothing'),
  'if-match': z.string().optional().describe('Act on this version only'),
});
const verb = (summary: string, body: z.ZodType | null, status: '200' | '202', answer: z.ZodType): ZodOpenApiOperationObject => ({
  summary,
  requestParams: { path: id, header: sent },
  ...(body !== null && { requestBody: { required: true, ...json(body) } }),
  responses: { [status]: { description: 'Done', ...json(answer) }, ...wrong(...moves, ...guarded) },
});

const signed = z.object({
  'webhook-id': z.string().describe('The same for every attempt; each counts once'),
  'webhook-timestamp': z.string().describe('Unix seconds; five minutes are allowed'),
  'webhook-signature': z
    .string()
    .describe('`v1,` and base64 of HMAC-SHA256 over id, timestamp and raw body, joined by dots; several separated by spaces'),
});
const taken = {
  '202': { description: 'Stored; the deed follows' },
  '200': {
    description: 'Nothing new',
    ...json(z.union([z.object({ duplicate: z.literal(true) }), z.object({ applied: z.literal(false), reason: z.literal('stale') })])),
  },
};
const hook = (summary: string, body: z.ZodType, codes: Code[], path?: z.ZodObject): ZodOpenApiOperationObject => ({
  summary,
  security: [],
  requestParams: { header: signed, ...(path && { path }) },
  requestBody: { required: true, ...json(body) },
  responses: { ...taken, ...wrong('unauthorized', 'too_large', 'invalid', ...codes) },
});

const choice = z.object({ id: z.string(), label: z.string(), kind: z.string() });
const said = z.object({ id: z.string(), text: z.string(), lang: z.string(), dir: z.enum(['ltr', 'rtl']), choices: z.array(choice) });

export const paths: ZodOpenApiPathsObject = {
  '/api/v1/cases': {
    get: {
      summary: 'Requests in the order of the queue',
      requestParams: { query: shapes.listing },
      responses: { '200': { description: 'A page', ...json(shapes.listShape) }, ...wrong('bad_request', 'forbidden', ...guarded) },
    },
  },
  '/api/v1/cases/{id}': {
    get: {
      summary: 'One request; each look is written down',
      description: 'An endpoint of another organisation sees what the person agreed to share, without messages, notes and history.',
      requestParams: { path: id },
      responses: {
        '200': { description: 'The request', ...json(z.union([shapes.wholeShape, shapes.sharedShape])) },
        ...wrong('not_found', 'forbidden', ...guarded),
      },
    },
  },
  '/api/v1/cases/{id}/claim': { post: verb('Take it', null, '200', shapes.summaryShape) },
  '/api/v1/cases/{id}/release': { post: verb('Give it back', null, '200', shapes.summaryShape) },
  '/api/v1/cases/{id}/reply': { post: verb('Write to the person', shapes.words, '202', shapes.queuedShape) },
  '/api/v1/cases/{id}/note': { post: verb('A note for colleagues', shapes.words, '200', shapes.summaryShape) },
  '/api/v1/cases/{id}/close': { post: verb('Close it', shapes.closing, '200', shapes.summaryShape) },
  '/api/v1/events': {
    get: {
      summary: 'Events, for those who fetch',
      description: 'In the order they happened. Keep the last cursor; ids are those of the posted events.',
      requestParams: { query: shapes.eventListing },
      responses: { '200': { description: 'A page', ...json(shapes.feedShape) }, ...wrong('bad_request', 'forbidden', ...guarded) },
    },
  },
  '/api/v1/events.csv': {
    get: {
      summary: 'The same as a table',
      description: `One row an event, with the columns ${shapes.eventColumns.join(', ')}. Where there is more, the header Link says where.`,
      requestParams: { query: shapes.eventListing },
      responses: {
        '200': { description: 'A page', content: { 'text/csv': { schema: { type: 'string' } } } },
        ...wrong('bad_request', 'forbidden', ...guarded),
      },
    },
  },
  '/api/v1/endpoints/{id}/replay': {
    post: {
      summary: 'Send events again, under the ids they had',
      requestParams: { path: id },
      requestBody: { required: true, ...json(shapes.replaying) },
      responses: {
        '202': { description: 'They wait again', ...json(shapes.replayedShape) },
        ...wrong('not_found', 'invalid', 'forbidden', 'bad_request', 'too_large', ...guarded),
      },
    },
  },
  '/api/v1/openapi.json': { get: { summary: 'This description', security: [], responses: { '200': { description: 'OpenAPI 3.1' } } } },
  '/api/v1/docs': { get: { summary: 'This description as a page', security: [], responses: { '200': { description: 'HTML' } } } },
  '/hooks/in/{endpoint}': {
    post: hook(
      'An event of an outside case system',
      insideEvent,
      ['forbidden', 'not_found', 'no_consent', 'closed'],
      z.object({ endpoint: z.string() }),
    ),
  },
  '/hooks/cases': { post: hook('An event of the bot, for the desk', caseEvent, []) },
  '/hooks/messages': { post: hook('An event of the desk, for the bot', deskEvent, ['unavailable']) },
  '/api/chat': {
    post: {
      summary: 'The chat as JSON',
      security: [],
      requestBody: { required: true, ...json(asked) },
      responses: {
        '200': { description: 'What the bot says', ...json(z.object({ conversation: z.string(), messages: z.array(said) })) },
        ...wrong('bad_request', 'not_found', 'invalid', 'too_large', 'too_many', 'unavailable'),
      },
    },
  },
};

/** The whole description as text, the same for the same schemas. */
export function openApi(): string {
  const events = outsideEvent.options.map((option) => [
    option.shape.type.value,
    {
      post: {
        summary: 'Posted to an endpoint',
        security: [],
        requestParams: { header: signed },
        requestBody: { required: true, ...json(option) },
        responses: {
          '2XX': { description: 'Taken. Answer within 15 seconds' },
          '410': { description: 'Never again: the endpoint is turned off' },
          default: { description: 'Sent again later; `Retry-After` is honoured up to a day' },
        },
      },
    },
  ]);
  const document = createDocument({
    openapi: '3.1.1',
    info: {
      title: 'avr-bot: interface for other case software',
      version: '1',
      description: 'How to connect: docs/integrating.md. Fields may be added; ignore those you do not know.',
    },
    security: [{ token: [] }],
    paths,
    webhooks: Object.fromEntries(events),
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
  return `${JSON.stringify(document, null, 1)}\n`;
}
