// Receives events of avr-bot. Node 24 runs it as it is: SECRET=whsec_… node receiver.ts
// What it must get right: the signature over the raw bytes, one effect for each id, order by seq.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';

export type Event = { type: string; data: { case_id?: string; seq: number } & Record<string, unknown> };
/** Your database: both survive a restart there. `apply` and the id belong into one transaction. */
export type Book = { seen: Set<string>; last: Map<string, number>; apply(event: Event): void };

function genuine(secret: string, headers: IncomingMessage['headers'], body: Buffer, now: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof time !== 'string' || typeof signatures !== 'string') return false;
  if (!(Math.abs(now / 1000 - Number(time)) <= 300)) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest();
  const given = signatures.split(' ').map((one) => Buffer.from(one.replace('v1,', ''), 'base64'));
  return given.some((one) => one.length === wanted.length && timingSafeEqual(one, wanted));
}

export function makeReceiver(secret: string, book: Book, now: () => number = Date.now): Server {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (!genuine(secret, request.headers, body, now())) return response.writeHead(401).end();
    const id = String(request.headers['webhook-id']);
    const event: Event = JSON.parse(body.toString());
    const about = event.data.case_id ?? '';
    // Known already: it was stored, only our answer was lost. Say yes again and do nothing.
    if (!book.seen.has(id) && event.data.seq > (book.last.get(about) ?? 0)) book.apply(event);
    book.seen.add(id);
    book.last.set(about, Math.max(event.data.seq, book.last.get(about) ?? 0));
    response.writeHead(202).end();
  });
}

const { SECRET = '' } = process.env;
const show: Book = { seen: new Set(), last: new Map(), apply: ({ type, data }) => console.log(type, data.case_id) };
if (import.meta.main) makeReceiver(SECRET, show).listen(8080);
