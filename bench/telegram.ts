// Telegram as the bench plays it: people who write to a webhook and read what the bot sends, in a process
// of its own. It keeps score of everything that went wrong, since a fast wrong answer is worth nothing.
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type How, receipt, script } from './script.ts';

export type Told = {
  updates: number;
  /** Milliseconds per update, from the post to its 200. */
  latencies: number[];
  seconds: number;
  finished: number;
  cases: number;
  doubled: number;
  wrong: string[];
  calls: Record<string, number>;
};

type Chat = { text: string; buttons: { text: string; data: string }[]; messageId: number; sent: number };

const textOf = async (incoming: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

/** People on the way for each update that is: nobody writes faster than the product lets one person write. */
const peopleEach = 16;

/** Lets so many in at once, first come first served. */
function makeGate() {
  let free = 0;
  const waiting: (() => void)[] = [];
  return {
    open: (count: number) => {
      free = count;
    },
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}

export async function openTelegram() {
  const gate = makeGate();
  const chats = new Map<number, Chat>();
  const calls: Record<string, number> = {};
  const cases = new Map<string, number>();
  const wrong: string[] = [];
  let messageId = 1000;
  let hook = { url: '', secret: '' };
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

  function perform(method: string, body: Record<string, unknown>): unknown {
    calls[method] = (calls[method] ?? 0) + 1;
    switch (method) {
      case 'getMe':
        return {
          id: 1,
          is_bot: true,
          first_name: 'Bench',
          username: 'bench_bot',
          can_join_groups: false,
          can_read_all_group_messages: false,
          supports_inline_queries: false,
        };
      case 'setWebhook':
        hook = { url: String(body['url']), secret: String(body['secret_token'] ?? '') };
        return true;
      case 'getWebhookInfo':
        return { url: hook.url, has_custom_certificate: false, pending_update_count: 0 };
      case 'sendMessage': {
        const id = Number(body['chat_id']);
        const markup = typeof body['reply_markup'] === 'string' ? JSON.parse(body['reply_markup']) : body['reply_markup'];
        const rows = (
          (markup as { inline_keyboard?: { text: string; callback_data: string }[][] } | undefined)?.inline_keyboard ?? []
        ).flat();
        messageId += 1;
        const before = chats.get(id);
        chats.set(id, {
          text: String(body['text']),
          buttons: rows.map((one) => ({ text: one.text, data: one.callback_data })),
          messageId,
          sent: (before?.sent ?? 0) + 1,
        });
        return { message_id: messageId, date: Math.floor(Date.now() / 1000), chat: { id, type: 'private' }, text: String(body['text']) };
      }
      case 'editMessageText':
      case 'editMessageReplyMarkup':
      case 'answerCallbackQuery':
      case 'deleteWebhook':
      case 'setMyCommands':
      case 'setMyDescription':
      case 'setMyShortDescription':
      case 'sendChatAction':
        return true;
      default:
        wrong.push(`a call of ${method}`);
        return true;
    }
  }

  const server = createServer(async (incoming, outgoing) => {
    const text = await textOf(incoming);
    const [, method = ''] = /^\/bot[^/]+\/(\w+)/.exec(incoming.url ?? '') ?? [];
    if (incoming.url === '/cases') {
      const event = JSON.parse(text) as { type: string; data: { case_id: string } };
      if (event.type === 'case.opened') cases.set(event.data.case_id, (cases.get(event.data.case_id) ?? 0) + 1);
      outgoing.writeHead(202).end();
      return;
    }
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, result: perform(method, body) }));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let updateId = 1;

  /** Posts one update as Telegram does; its status. */
  function post(update: object): Promise<number> {
    updateId += 1;
    const body = Buffer.from(JSON.stringify({ update_id: updateId, ...update }));
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': body.length, 'x-telegram-bot-api-secret-token': hook.secret };
      const call = request(hook.url, { method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
      });
      call.once('error', reject);
      call.end(body);
    });
  }

  const from = (id: number) => ({ id, is_bot: false, first_name: 'P', language_code: 'en' });
  const chatOf = (id: number) => ({ id, type: 'private', first_name: 'P' });
  const message = (id: number, text: string) => ({
    message: {
      message_id: ++messageId,
      date: Math.floor(Date.now() / 1000),
      chat: chatOf(id),
      from: from(id),
      text,
      ...(text.startsWith('/') ? { entities: [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]?.length ?? 0 }] } : {}),
    },
  });
  const tap = (id: number, chat: Chat, data: string) => ({
    callback_query: {
      id: String(++messageId),
      from: from(id),
      chat_instance: '1',
      data,
      message: { message_id: chat.messageId, date: Math.floor(Date.now() / 1000), chat: chatOf(id), text: chat.text },
    },
  });

  /** One update, timed; the chat afterwards. Anything but a 200 or a missing answer is noted. */
  async function step(id: number, update: object, latencies: number[], answered = true): Promise<Chat | undefined> {
    await gate.enter();
    const before = chats.get(id)?.sent ?? 0;
    const at = performance.now();
    const status = await post(update).catch((error: NodeJS.ErrnoException) => error.code ?? 'lost');
    latencies.push(performance.now() - at);
    gate.leave();
    const chat = chats.get(id);
    if (status !== 200) wrong.push(`an answer ${status}`);
    else if (answered && (chat?.sent ?? 0) === before) wrong.push('no reply before the 200');
    return chat;
  }

  /** A button by its code, whatever stamp stands before it. */
  const find = (chat: Chat | undefined, code: string) =>
    chat?.buttons.findIndex((one) => one.data === code || one.data.endsWith(`.${code}`)) ?? -1;

  /** Walks the script up to `steps` replies; whether everything was there. */
  async function walk(id: number, how: How, latencies: number[], steps = script.length): Promise<boolean> {
    let chat = await step(id, message(id, '/start'), latencies);
    for (const { code, multi } of script.slice(0, steps)) {
      const at = find(chat, code);
      const button = chat?.buttons[at];
      if (chat === undefined || button === undefined) {
        wrong.push(`no button ${code}`);
        return false;
      }
      if (how === 'typed') chat = await step(id, message(id, String(at + 1)), latencies);
      else {
        chat = await step(id, tap(id, chat, button.data), latencies, multi === undefined);
        if (multi) {
          const done = chat?.buttons.find((one) => one.data.endsWith('~done'));
          // The product edits the question with its mark; a peer asks its next one at once.
          if (chat !== undefined && done === undefined && find(chat, code) >= 0)
            chat = await step(id, tap(id, chat, button.data.replace(/[^.]+$/, '~done')), latencies);
        }
      }
    }
    return steps < script.length || chat?.text.includes(receipt) === true || (chat !== undefined && wrong.push('no receipt') < 0);
  }

  /** The floor says the same to everything: as many updates, and a reply to each. */
  async function chatter(id: number, how: How, latencies: number[]): Promise<boolean> {
    let chat = await step(id, message(id, '/start'), latencies);
    for (const _ of script)
      chat = await step(id, how === 'typed' || chat === undefined ? message(id, '1') : tap(id, chat, 'x.1'), latencies);
    return true;
  }

  async function people(first: number, count: number, concurrency: number, one: (id: number, latencies: number[]) => Promise<boolean>) {
    // A connection that rested may be closed by the other side just as it is used again.
    agent.destroy();
    const latencies: number[] = [];
    let next = first;
    let finished = 0;
    gate.open(concurrency);
    const at = performance.now();
    const lane = async () => {
      while (next < first + count) {
        const id = next;
        next += 1;
        if (await one(id, latencies)) finished += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency * peopleEach }, lane));
    return { latencies, finished, seconds: (performance.now() - at) / 1000 };
  }

  return {
    root,
    walk,
    chatter,
    people,
    step,
    message,
    wrong,
    calls,
    cases,
    hooked: () => hook.url !== '',
    unhook: () => {
      hook = { url: '', secret: '' };
    },
    find,
    close: () => {
      server.closeAllConnections();
      agent.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
