// A stand-in for the Bot API, strict where Telegram is lenient: what the bot must not do is written
// down in `violations`, which every test expects to be empty. One server per test, on a free port.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './body.ts';
import { type Chat, makeChats } from './chats.ts';
import { makeDelivery } from './deliver.ts';
import { answerOf, makeFaults } from './faults.ts';
import { effects, type World } from './methods.ts';
import { makeGroup, makePerson, type PersonOptions } from './people.ts';
import { makeQueue } from './queue.ts';
import { badRequest, fail, type Reply, unauthorized } from './reply.ts';
import { checkPayload, isMethod, type Method, type Payload } from './schemas.ts';

export type { Person } from './people.ts';
export { samples } from './samples.ts';

type Call = { method: string; payload: Record<string, unknown> };
export type BotApi = Awaited<ReturnType<typeof startBotApi>>;

const hangLimitMs = 15_000;

export async function startBotApi(options: { token?: string; username?: string; now?: () => number; hangLimitMs?: number } = {}) {
  const token = options.token ?? '700000001:TEST_TOKEN_OF_NOBODY_IN_PARTICULAR';
  const bot = { id: Number(token.split(':')[0]), username: options.username ?? 'return_help_bot' };
  const violations: string[] = [];
  const calls: Call[] = [];
  const faults = makeFaults();
  const queue = makeQueue();
  const watchers = new Set<() => void>();
  const chats = makeChats(bot, options.now ?? Date.now);
  const violate = (what: string) => void violations.push(what);
  const delivery = makeDelivery(queue, violate, () => changed());
  queue.onPush(delivery.pump);
  const world: World = { bot, chats, queue, delivery, callbacks: new Map(), words: new Map(), violate, leave };
  let revoked = false;
  let connections = 0;
  let nextId = 7_000_001;

  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };

  function leave(chat: Chat): void {
    chat.open = false;
    const state = (status: string) => ({ status, user: { id: bot.id, is_bot: true, first_name: 'Bot' } });
    const from = { id: bot.id, is_bot: true, first_name: 'Bot' };
    const { id, type, name: title } = chat;
    queue.push({
      my_chat_member: {
        chat: { id, type, title },
        from,
        date: chats.seconds(),
        old_chat_member: state('member'),
        new_chat_member: state('left'),
      },
    });
  }

  function perform<M extends Exclude<Method, 'getUpdates'>>(method: M, payload: Payload<M>): Reply {
    return effects[method](world, payload);
  }

  function take(method: Method, payload: Record<string, unknown>, gone: AbortSignal): Reply | Promise<Reply> {
    if (method !== 'getUpdates') return perform(method, payload as never);
    const { offset = 0, limit = 100, timeout = 0 } = payload as Payload<'getUpdates'>;
    const reply = queue.poll({ offset, limit, timeout }, gone);
    changed();
    return reply;
  }

  function chatOf(payload: Record<string, unknown>): number | undefined {
    const callback = world.callbacks.get(String(payload['callback_query_id']));
    return callback?.person ?? (typeof payload['chat_id'] === 'number' ? payload['chat_id'] : undefined);
  }

  function refuse(method: string, wrong: string[]): Reply {
    violations.push(...wrong.map((what) => `${method}: ${what}`));
    return badRequest((wrong[0] ?? '').replace(/^[^ ]*: /, ''));
  }

  /** One call: its answer, or nothing if the line is to be cut. */
  async function call(request: IncomingMessage, gone: AbortSignal): Promise<Reply | undefined> {
    const [, given, method = ''] = /^\/bot([^/]+)\/([^/?]+)$/.exec(request.url ?? '') ?? [];
    if (given === undefined || request.method !== 'POST') {
      violations.push(`${request.method} of an unknown path${/^\/file\//.test(request.url ?? '') ? ': a file' : ''}`);
      return fail(404, 'Not Found');
    }
    if (revoked || given !== token) return unauthorized;
    if (!isMethod(method)) {
      violations.push(`${method}: not one of the bot's methods`);
      return fail(404, 'Not Found: method not found');
    }
    const sent = await readBody(request, method);
    if ('wrong' in sent) return refuse(method, [sent.wrong]);
    const checked = checkPayload(method, sent.fields);
    if ('wrong' in checked) return refuse(method, checked.wrong);
    const { payload } = checked;
    calls.push({ method, payload });
    const fault = faults.strike(method, chatOf(payload));
    if (fault && 'drop' in fault && fault.drop === 'before') return undefined;
    if (fault && 'page' in fault) return { status: fault.page, body: {} };
    const reply = answerOf(fault) ?? (await take(method, payload, gone));
    if (fault && 'slow' in fault) {
      changed();
      await fault.slow;
    }
    return fault && 'drop' in fault ? undefined : reply;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const reply = await call(request, gone.signal).catch((error: Error) => {
      violations.push(`the server failed: ${error.message}`);
      return fail(500, 'Internal Server Error');
    });
    if (!reply) request.socket.destroy();
    else if (reply.body['ok'] === undefined)
      response.writeHead(reply.status, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
    else response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
    changed();
  }

  async function waitFor(fits: () => boolean, what = 'the server to get there'): Promise<void> {
    if (fits()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const watcher = () => fits() && resolve();
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), options.hangLimitMs ?? hangLimitMs);
    watchers.add(watcher);
    await promise.finally(() => {
      clearTimeout(timer);
      watchers.delete(watcher);
    });
  }

  const server = createServer((request, response) => void serve(request, response));
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    username: bot.username,
    /** What the bot must not have done. */
    violations,
    /** Every call that passed its schema, in order. */
    calls,
    /** What the bot set for each language; '' for everybody. */
    words: world.words,
    fault: faults.plant,
    clearFaults: faults.clear,
    person: (about: Partial<PersonOptions> = {}) =>
      makePerson(world, waitFor, { name: 'Person', language: 'en', ...about, id: about.id ?? nextId++ }),
    group: (about: { id?: number; type?: 'group' | 'supergroup' | 'channel' } = {}) =>
      makeGroup(world, { type: about.type ?? 'group', id: about.id ?? -nextId++ }),
    /** An update of any shape. */
    push: queue.push,
    /** As after an idle week: the next update has this id. */
    jumpTo: queue.jump,
    /** Updates not yet confirmed. */
    pending: queue.pending,
    deliveries: queue.deliveries,
    /** Whether a long poll is waiting now. */
    polling: queue.polling,
    /** Taps that were delivered but never acknowledged. */
    unansweredTaps: () =>
      [...world.callbacks.values()].filter(({ update, answers }) => queue.deliveries(update) > 0 && answers === 0).length,
    /** How many lines were opened. */
    connections: () => connections,
    /** As if another program had set one. */
    setWebhook: () => queue.setWebhook(true),
    /** Where updates are brought to now, and the most chats that were served side by side. */
    webhook: () => ({ ...delivery.info(), secret: delivery.secret(), most: delivery.most() }),
    revokeToken: () => {
      revoked = true;
      queue.end();
    },
    /** Resolves once this holds; looked at after every call and whenever a long poll begins. */
    waitFor,
    async close(): Promise<void> {
      delivery.set(null);
      queue.end();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
