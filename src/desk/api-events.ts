// Events for those who fetch instead of being posted to, and sending them again. The same rows, the
// same ids, the same scopes as the posted ones.
import type { Request, RequestHandler, Response, Router } from 'express';
import { problem } from '../http/problem.ts';
import { appendAudit } from '../store/audit.ts';
import { findEndpoint } from '../store/endpoints.ts';
import { readFeed, sendAgain, type Which } from '../store/feed.ts';
import { transact } from '../store/transact.ts';
import { deskFeed } from './announce.ts';
import { callerOf } from './api-gate.ts';
import { eventColumns, eventListing, type Fetched, replaying } from './api-shapes.ts';
import { csv } from './csv.ts';
import type { Desk } from './desk.ts';

const most = 100;

/** A page of what the caller may see; null: the question cannot be read. */
async function pageFor(desk: Desk, request: Request): Promise<{ events: Fetched[]; next: string | null } | null> {
  const query = eventListing.safeParse(request.query);
  if (!query.success) return null;
  const caller = callerOf(request);
  const own = caller === 'desk';
  const limit = Math.min(query.data.limit ?? 50, most);
  const after = Number(query.data.after ?? 0);
  const protection = own ? desk.apiProtection : caller.organisation === 'own' && caller.protection;
  const { events, next } = await readFeed(desk.keep, desk.seal, own ? deskFeed : caller.id, { after, limit, protection });
  return {
    events: events.map(({ pos, id, body }) => ({ id, cursor: String(pos), ...JSON.parse(body) })),
    next: next === null ? null : String(next),
  };
}

async function listEvents(desk: Desk, request: Request, response: Response): Promise<void> {
  const page = await pageFor(desk, request);
  if (page === null) return problem(response, 'bad_request');
  response.json(page);
}

/** The same for a spreadsheet; where there is more, `Link` says so. */
async function tableOfEvents(desk: Desk, request: Request, response: Response): Promise<void> {
  const page = await pageFor(desk, request);
  if (page === null) return problem(response, 'bad_request');
  const { limit } = request.query;
  const more = new URLSearchParams({ after: page.next ?? '', ...(typeof limit === 'string' && { limit }) });
  if (page.next !== null) response.set('Link', `<${desk.publicUrl}/api/v1/events.csv?${more}>; rel="next"`);
  response.type('text/csv').send(csv([eventColumns, ...page.events.map(rowOf)]));
}

/** What an event does not say is empty; answers of a full one stay in its JSON. */
function rowOf({ data, ...about }: Fetched): string[] {
  const said: Record<string, unknown> = { ...about, ...data, share: data.consent?.share };
  return eventColumns.map((name) => [said[name] ?? ''].flat().join(' '));
}

/** Marks events to be sent again and writes down who asked for it. */
export async function replay(desk: Pick<Desk, 'keep' | 'auditKey' | 'now'>, endpoint: string, which: Which, by: string): Promise<number> {
  const now = desk.now().getTime();
  return transact(desk.keep, async (tx) => {
    const count = await sendAgain(tx, endpoint, which, now);
    const entry = { actor: by, action: 'endpoint.replayed', subject: endpoint, detail: String(count) };
    await appendAudit(tx, desk.auditKey, entry, now);
    return count;
  });
}

async function replayFor(desk: Desk, request: Request, response: Response): Promise<void> {
  const id = String(request.params['id']);
  const caller = callerOf(request);
  if (caller !== 'desk' && caller.id !== id) return problem(response, 'not_found');
  if ((await findEndpoint(desk.keep, desk.seal, id)) === null) return problem(response, 'not_found');
  const body = replaying.safeParse(request.body);
  if (!body.success) return problem(response, 'invalid');
  const { since, events } = body.data;
  const replayed = await replay(
    desk,
    id,
    since === undefined ? { ids: events ?? [] } : { since: Date.parse(since) },
    caller === 'desk' ? 'api' : caller.id,
  );
  desk.wake();
  response.status(202).json({ replayed });
}

export function mountEvents(desk: Desk, router: Router, json: RequestHandler): void {
  router.get('/events', (request, response) => listEvents(desk, request, response));
  router.get('/events.csv', (request, response) => tableOfEvents(desk, request, response));
  router.post('/endpoints/:id/replay', json, (request, response) => replayFor(desk, request, response));
}
