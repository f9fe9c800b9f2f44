// The same work for an outside case system: one bearer token, JSON in and out. Without protection
// scope a protection request does not exist here: not in lists, not by its id.
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { type Actor, type Case, closeReasons, kinds, levelOf, statuses } from '../case/case.ts';
import { mayRead } from '../case/queue.ts';
import { makeBucket } from '../http/bucket.ts';
import { problem } from '../http/problem.ts';
import { keyOf, listQueue, type QueueKey } from '../store/cases.ts';
import { type Acted, claimCase, closeCase, type How, noteOn, type Refusal, releaseCase, replyTo } from './act.ts';
import type { Desk } from './desk.ts';
import { openWhole, type Whole } from './look.ts';
import { iso, shownAnswers } from './words.ts';

const words = z.strictObject({ text: z.string().trim().min(1).max(4096) });
const closing = z.strictObject({ reason: z.enum(closeReasons) });
const nothing = z.strictObject({}).optional();
const listing = z.strictObject({
  status: z.enum(statuses).optional(),
  kind: z.enum(kinds).optional(),
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).optional(),
});
const cursor = z.strictObject({ rank: z.number().int(), waitingSince: z.number(), id: z.string() });

const toCursor = (key: QueueKey) => Buffer.from(JSON.stringify(key)).toString('base64url');
function fromCursor(text: string): QueueKey | null {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}

/** One entry of the list. */
function summary(desk: Desk, kase: Case) {
  const lang = desk.languages[0] ?? 'en';
  const { id, ref, kind, status, version, channel, language, country, office } = kase;
  return {
    id,
    ref,
    kind,
    status,
    version,
    priority: levelOf(kase),
    reasons: kase.reasons.map((code) => ({ code, label: desk.text(lang, `reason.${code}`) })),
    channel,
    language,
    country,
    office,
    ...(kase.override !== null && { byRules: kase.level, setBecause: kase.override.why }),
    openedAt: iso(kase.openedAt),
    waitingSince: iso(kase.waitingSince),
    ...(kase.closedAt !== null && { closedAt: iso(kase.closedAt), closedReason: kase.closedReason }),
  };
}

function whole(desk: Desk, { case: kase, content, messages, notes, history, names }: Whole) {
  const name = (id: string | null) => (id === null ? null : (names.get(id) ?? id));
  return {
    ...summary(desk, kase),
    answers: content === null ? {} : shownAnswers(content.answers),
    ...(content?.reason && { reason: content.reason }),
    consent: content && {
      ...content.consent,
      shares: content.shares.map(({ organisation, agreed, at }) => ({ organisation, agreed, at: iso(at) })),
    },
    followups: content?.followups.map(({ answers, at }) => ({ answers, at: iso(at) })) ?? [],
    messages: messages.map(({ at, author, ...rest }) => ({ ...rest, author: name(author), at: iso(at) })),
    notes: notes.map(({ at, author, ...rest }) => ({ ...rest, author: name(author), at: iso(at) })),
    history: history.map(({ at, actor, action, detail }) => ({ at: iso(at), actor: name(actor), action, detail })),
  };
}

/** `If-Match` holds a version, quoted or not. Undefined: sent, but not one of ours. */
function expected(request: Request): number | null | undefined {
  const given = request.get('if-match')?.trim();
  if (given === undefined || given === '*') return null;
  const digits = /^(?:W\/)?"?(\d{1,9})"?$/.exec(given)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** `/api/v1`. */
export function makeApi(desk: Desk): Router {
  const router = express.Router();
  const actor: Actor = { id: 'api', by: 'staff', roles: desk.apiProtection ? ['caseworker', 'protection'] : ['caseworker'], bound: false };
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = desk.apiToken === undefined ? null : digest(desk.apiToken);
  const guesses = makeBucket(30, 1000);

  router.use((request, response, next) => {
    response.set('Cache-Control', 'no-store');
    const given = /^Bearer (.{1,500})$/i.exec(request.get('authorization') ?? '')?.[1];
    if (wanted !== null && given !== undefined && timingSafeEqual(digest(given), wanted)) return next();
    if (!guesses(String(request.ip), desk.now().getTime())) return problem(response, 'too_many');
    response.set('WWW-Authenticate', 'Bearer');
    problem(response, 'unauthorized');
  });

  router.get('/cases', async (request, response) => {
    const query = listing.safeParse(request.query);
    const after = query.data?.after === undefined ? null : fromCursor(query.data.after);
    if (!query.success || (query.data.after !== undefined && after === null)) return problem(response, 'bad_request');
    const { status, kind, limit = 50 } = query.data;
    const size = Math.min(limit, 100);
    const seen = kinds.filter((one) => mayRead(actor, one) && (kind === undefined || kind === one));
    const rows = await listQueue(desk.keep, { kinds: seen, statuses: status && [status] }, after, size + 1);
    const shown = rows.slice(0, size);
    const last = shown.at(-1);
    response.json({
      cases: shown.map((kase) => summary(desk, kase)),
      next: rows.length > size && last !== undefined ? toCursor(keyOf(last)) : null,
    });
  });

  router.get('/cases/:id', async (request, response) => {
    const found = await openWhole(desk, String(request.params['id']), actor);
    if (found === null) return problem(response, 'not_found');
    response.set('ETag', `"${found.case.version}"`).json(whole(desk, found));
  });

  const refuse = (response: Response, refusal: Refusal) =>
    problem(response, refusal.code, refusal.who ? `Claimed by ${refusal.who}.` : undefined);

  /** One verb: body checked, headers honoured, then done and answered. */
  function verb<T>(
    schema: z.ZodType<T>,
    act: (id: string, body: T, how: How) => Promise<Acted | Refusal>,
    answer: (response: Response, done: Acted) => void,
  ): RequestHandler {
    return async (request, response) => {
      const body = schema.safeParse(request.body);
      if (!body.success) return problem(response, 'invalid');
      const version = expected(request);
      const key = request.get('idempotency-key');
      if (version === undefined || (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key))) return problem(response, 'bad_request');
      const once = key === undefined ? null : { key, body: JSON.stringify(body.data ?? null) };
      const done = await act(String(request.params['id']), body.data, { version, once });
      if (!done.ok) return refuse(response, done);
      answer(response.set('ETag', `"${done.case.version}"`), done);
    };
  }
  const show = (response: Response, done: Acted) => void response.json(summary(desk, done.case));
  const json = express.json({ limit: '32kb', type: () => true, strict: true });

  router.post(
    '/cases/:id/claim',
    json,
    verb(nothing, (id, _, how) => claimCase(desk, id, actor, how), show),
  );
  router.post(
    '/cases/:id/release',
    json,
    verb(nothing, (id, _, how) => releaseCase(desk, id, actor, how), show),
  );
  router.post(
    '/cases/:id/reply',
    json,
    verb(
      words,
      (id, { text }, how) => replyTo(desk, id, actor, text, how),
      (response, done) => void response.status(202).json({ id: `m_${done.id}`, state: 'queued' }),
    ),
  );
  router.post(
    '/cases/:id/note',
    json,
    verb(words, (id, { text }, how) => noteOn(desk, id, actor, text, how), show),
  );
  router.post(
    '/cases/:id/close',
    json,
    verb(closing, (id, { reason }, how) => closeCase(desk, id, actor, reason, how), show),
  );
  return router;
}
