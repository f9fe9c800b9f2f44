// The same work for an outside case system: one bearer token, JSON in and out. Without protection
// scope a protection request does not exist here: not in lists, not by its id.
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { type Actor, type Case, type Content, kinds, levelOf } from '../case/case.ts';
import { mayRead } from '../case/queue.ts';
import { problem } from '../http/problem.ts';
import { keyOf, listQueue, type QueueKey } from '../store/cases.ts';
import { type Acted, claimCase, closeCase, type How, noteOn, type Refusal, releaseCase, replyTo } from './act.ts';
import { mountDescription } from './api-docs.ts';
import { mountEvents } from './api-events.ts';
import { callerOf, deskOnly, makeGate } from './api-gate.ts';
import { closing, listing, nothing, words } from './api-shapes.ts';
import type { Desk } from './desk.ts';
import { openShared, openWhole, type Whole } from './look.ts';
import { iso, shownAnswers } from './words.ts';

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
    consent: content && consentOf(content, () => true),
    followups: content?.followups.map(({ answers, at }) => ({ answers, at: iso(at) })) ?? [],
    messages: messages.map(({ at, author, ...rest }) => ({ ...rest, author: name(author), at: iso(at) })),
    notes: notes.map(({ at, author, ...rest }) => ({ ...rest, author: name(author), at: iso(at) })),
    history: history.map(({ at, actor, action, detail }) => ({ at: iso(at), actor: name(actor), action, detail })),
  };
}

/** Without what is said among colleagues and between them and the person. */
function shared(desk: Desk, { case: kase, content }: Whole, organisation: string) {
  return {
    ...summary(desk, kase),
    answers: content === null ? {} : shownAnswers(content.answers),
    consent: content && consentOf(content, (one) => one === organisation),
  };
}

const consentOf = ({ consent, shares }: Content, seen: (organisation: string) => boolean) => ({
  ...consent,
  shares: shares.flatMap(({ organisation, agreed, at }) => (seen(organisation) ? [{ organisation, agreed, at: iso(at) }] : [])),
});

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
  mountDescription(router);
  router.use(makeGate(desk));
  const json = express.json({ limit: '32kb', type: () => true, strict: true });
  mountEvents(desk, router, json);

  router.get('/cases', deskOnly, async (request, response) => {
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
    const caller = callerOf(request);
    const id = String(request.params['id']);
    const found = await (caller === 'desk' ? openWhole(desk, id, actor) : openShared(desk, id, caller));
    if (found === null) return problem(response, 'not_found');
    const other = caller !== 'desk' && caller.organisation !== 'own';
    response.set('ETag', `"${found.case.version}"`).json(other ? shared(desk, found, caller.organisation) : whole(desk, found));
  });
  router.use(deskOnly);

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
