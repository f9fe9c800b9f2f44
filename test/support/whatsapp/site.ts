// WhatsApp's side: a site over HTTPS on this machine that serves the stand-in page, keeps what people
// sent and what was read, and is the telephone the number belongs to. Messages outlive the page.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { until } from '../product.ts';
import { makeCertificate } from './certificate.ts';

const script = readFileSync(new URL('./page.js', import.meta.url), 'utf8');

export type Delivery = {
  from: string;
  body?: string;
  type?: string;
  /** False: the page raises no event for it, as for what came while away. */
  fresh?: boolean;
  /** Seconds since 1970. */
  t?: number;
  id?: string;
  author?: string;
  [more: string]: unknown;
};
type Kept = { from: string; id: string; type: string; body: string; t: number; fresh: boolean; [more: string]: unknown };

/** What the product did in the page. */
export type Told = { kind: 'send' | 'seen' | 'typing' | 'refused' | 'download'; to: string; body: string; why?: string; preview?: boolean };

const history = (chats: unknown[], racy: boolean, after: number | null) =>
  `window.__history = ${JSON.stringify({ chats, racy, after }).replaceAll('<', '\\u003c')};`;
const head = '<!doctype html><meta charset="utf-8"><title>stand-in</title><link rel="icon" href="data:,">';

/** The page alone, without a site: it shows a code to pair with and no more. */
export const storedPage = `${head}<script>${history([], false, null)}</script><script>${script}</script>`;

export type Site = Awaited<ReturnType<typeof startSite>>;

export async function startSite() {
  const setting = { racy: false };
  const chats = new Map<string, { id: string; unread: number; messages: Kept[] }>();
  const told: Told[] = [];
  const others: string[] = [];
  const waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  /** Asked of the page so far; a page that is loaded later begins behind them. */
  const asked: { n: number; line: string }[] = [];
  let page: ServerResponse | null = null;
  let loads = 0;
  let count = 0;

  const chatOf = (id: string) => {
    const chat = chats.get(id) ?? { id, unread: 0, messages: [] };
    chats.set(id, chat);
    return chat;
  };

  function keep(event: Told): void {
    told.push(event);
    if (event.kind === 'seen') chatOf(event.to).unread = 0;
    if (event.kind !== 'send') return;
    const t = Math.floor(Date.now() / 1000);
    chatOf(event.to).messages.push({
      from: event.to,
      id: `own${told.length}`,
      type: 'chat',
      body: event.body,
      t,
      fresh: false,
      fromMe: true,
    });
  }

  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    async '/'(_, response) {
      loads += 1;
      response.setHeader('content-type', 'text/html');
      response.end(`${head}<script>${history([...chats.values()], setting.racy, count)}</script><script>${script}</script>`);
    },
    async '/__asked'(request, response) {
      const after = Number(new URL(request.url ?? '', 'https://here').searchParams.get('after'));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      page = response;
      // What nobody answered yet waits for this page too.
      for (const { n, line } of asked) if (n > after || waiting.has(n)) response.write(line);
      request.on('close', () => {
        if (page === response) page = null;
      });
    },
    async '/__told'(request, response) {
      keep(JSON.parse(await textOf(request)) as Told);
      response.end();
    },
    async '/__answered'(request, response) {
      const { n, ...answer } = JSON.parse(await textOf(request)) as { n: number };
      waiting.get(n)?.(answer);
      waiting.delete(n);
      response.end();
    },
  };
  const server = createServer(makeCertificate('web.whatsapp.com'), async (request, response) => {
    const path = new URL(request.url ?? '', 'https://here').pathname;
    const route = routes[path];
    if (route === undefined) others.push(path);
    if (route === undefined) response.writeHead(404).end();
    else await route(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;

  function push(name: string, values: unknown[]): number {
    count += 1;
    const line = `data: ${JSON.stringify({ n: count, name, values })}\n\n`;
    asked.push({ n: count, line });
    page?.write(line);
    return count;
  }

  /** Asks the page that is open, or the next one. */
  async function ask(name: string, ...values: unknown[]): Promise<unknown> {
    const n = push(name, values);
    const answer = await new Promise<{ value?: unknown; error?: string }>((resolve, reject) => {
      waiting.set(n, resolve);
      setTimeout(() => reject(new Error(`the page did not answer ${name}`)), 20_000).unref();
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  return {
    /** `racy`: the synchronisation ends before the library listens, and then it is never ready. */
    setting,
    told,
    /** Addresses asked for besides the page: a download would be here. */
    others,
    /** How often the page was opened. */
    loads: () => loads,
    open: () => page !== null,
    /** For WHATSAPP_CHROMIUM_ARGS: this site and nothing else in the world. */
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update'],
      '--ignore-certificate-errors',
      `--host-resolver-rules=MAP web.whatsapp.com:443 127.0.0.1:${port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
    ],
    ask,
    /** Tells the page that is open; it may be gone before it could answer. */
    tell: (name: string, ...values: unknown[]) => void push(name, values),
    /** A message from somebody; answers its id as the library writes it. Kept until it is read, page or no page. */
    deliver({ from, body = '', type = 'chat', fresh = true, ...more }: Delivery): string {
      const message: Kept = { id: `IN${count}X${told.length}`, t: Math.floor(Date.now() / 1000), ...more, from, body, type, fresh };
      const chat = chatOf(from);
      chat.messages.push(message);
      chat.unread += 1;
      push('deliver', [message]);
      return ['false', from, message.id, ...(message['author'] ? [message['author']] : [])].join('_');
    },
    unread: (id: string) => chatOf(id).unread,
    sentTo: (id: string) => told.filter((one) => one.kind === 'send' && one.to === id).map((one) => one.body),
    until: (holds: () => boolean, what: string, ms = 30_000) => until(async () => holds(), what, ms),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const part of request.setEncoding('utf8')) all += part;
  return all;
}
