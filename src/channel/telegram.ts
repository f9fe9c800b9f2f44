// Telegram by long polling: the only room that knows grammY, and of it only the typed calls. Updates
// come through our own loop (telegram-poll.ts); nothing a person sent is ever downloaded.
import { Api, GrammyError } from 'grammy';
import type { LanguageCode } from 'grammy/types';
import { codeOf, type Log } from '../log.ts';
import type { Channel, Health, Receive } from './channel.ts';
import { applyCommands, type CommandCache, type CommandSet } from './telegram-commands.ts';
import { makeKeptAlive, mayCarryToken } from './telegram-fetch.ts';
import { type Answer, backOff, isFinal, makePoll, reasonOf, sleep } from './telegram-poll.ts';
import { type Reading, readUpdate } from './telegram-read.ts';
import { type Button, laterMs, makeSender } from './telegram-send.ts';

type TelegramPace = {
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** How long a send is waited for before it goes on in the background. */
  patienceMs: number;
  /** A step that takes longer shows "typing". */
  typingAfterMs: number;
  /** `stop` resolves within this time, whatever hangs. */
  stopWithinMs: number;
};

export type TelegramOptions = {
  token: string;
  apiRoot: string;
  log: Log;
  /** Keyed hash of an address, for the log's `who`. */
  hash(text: string): string;
  now(): number;
  commands?: CommandSet[];
  /** Without it the command lists are set at every start. */
  commandCache?: CommandCache;
  groupNotice?(username: string): string;
  /** Whether a rejected `receive` means that our stores are down. Such updates are kept for as long as it lasts. */
  isOutage?(error: unknown): boolean;
  /** Tests only. */
  pace?: Partial<TelegramPace>;
};

const allowed = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;
const plain = { link_preview_options: { is_disabled: true } } as const;
const markup = (rows: Button[][]) => (rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {});
const speech = (language: string | null) => (language === null ? {} : { language_code: language as LanguageCode });
const englishNotice = (username: string) => `This chat works only in a private conversation: https://t.me/${username}`;

export function makeTelegram(options: TelegramOptions): Channel {
  const { token, log, hash, now } = options;
  const pace: TelegramPace = { wait: sleep, patienceMs: 2_500, typingAfterMs: 1_000, stopWithinMs: 10_000, ...options.pace };
  const kept = makeKeptAlive();
  const api = new Api(token, { apiRoot: options.apiRoot.replace(/\/+$/, ''), timeoutSeconds: 35, fetch: kept.fetch });
  /** Groups told where to find us, until we are out of them. */
  const told = new Set<number>();
  const aside = new Set<Promise<unknown>>();
  let health: Health = { state: 'off' };
  let username = '';
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  let receive: Receive = async () => {};

  const sender = makeSender(
    {
      send: (chat, text, rows) => answer(api.sendMessage(chat, text, { ...plain, ...markup(rows) })),
      edit: (chat, id, text, rows) => answer(api.editMessageText(chat, id, text, { ...plain, ...markup(rows) })),
      unbutton: (chat, id) => answer(api.editMessageReplyMarkup(chat, id)),
    },
    pace,
  );

  const poll = makePoll<Reading>({
    async fetch(offset, limit, timeout, signal) {
      // grammY's type asks for its own kind of signal; at run time it takes any.
      const got = await answer(api.getUpdates({ offset, limit, timeout, allowed_updates: allowed }, signal as never));
      if (!got.ok) return got;
      const value = got.value.flatMap((update) => readUpdate(update, now) ?? []);
      return value.length === 0 && got.value.length > 0 ? { ok: false, code: 0, description: '', retryAfter: 0 } : { ok: true, value };
    },
    chatOf: ({ chat }) => chat,
    handle,
    setAside: ({ chat }, count, error) =>
      log.error('telegram.set-aside', { channel: 'telegram', who: hash(chat), count, code: codeOf(error) }),
    isOutage: options.isOutage ?? (() => false),
    heard,
    wait: pace.wait,
  });

  async function handle({ tap, group, prompt, incoming }: Reading, again: boolean): Promise<void> {
    if (tap !== undefined && !again) apart('tap', () => answer(api.answerCallbackQuery(tap)));
    if (group) await leave(group);
    if (!incoming) return;
    const { person, body } = incoming;
    if (prompt) sender.tapped(person, prompt);
    if (body.kind === 'left') sender.forget(person);
    const typing = setTimeout(() => apart('typing', () => answer(api.sendChatAction(Number(person), 'typing'))), pace.typingAfterMs);
    try {
      await receive(incoming);
    } finally {
      clearTimeout(typing);
    }
  }

  /** A group reads along, so there is no conversation in it: one notice, and out. */
  async function leave({ id, gone }: { id: number; gone: boolean }): Promise<void> {
    if (gone) return void told.delete(id);
    if (!told.has(id)) {
      told.add(id);
      await answer(api.sendMessage(id, (options.groupNotice ?? englishNotice)(username), plain));
    }
    const left = await answer(api.leaveChat(id));
    if (!left.ok) log.warn('telegram.group-not-left', { channel: 'telegram', who: hash(String(id)), status: left.code });
  }

  /** Work nobody waits for, save `stop`. */
  function apart(name: string, work: () => Promise<Answer<unknown> | undefined>): void {
    const job = work()
      .then(
        (got) =>
          got && !got.ok && got.code !== 400 && log.warn('telegram.call-failed', { channel: 'telegram', path: name, status: got.code }),
        (error) => log.warn('telegram.call-failed', { channel: 'telegram', path: name, code: codeOf(error) }),
      )
      .finally(() => aside.delete(job));
    aside.add(job);
  }

  function become(next: Health): void {
    if (next.state !== health.state || next.reason !== health.reason)
      log[next.state === 'down' ? 'error' : 'info']('channel.state', { channel: 'telegram', state: next.state });
    health = next;
  }

  function heard(got: Answer<unknown>): void {
    if (!poll.ending.aborted) become(got.ok ? { state: 'ready' } : { state: 'down', reason: reasonOf(got) });
  }

  /** Who are we, and is it us who polls: asked until Telegram answers. */
  async function greet(): Promise<Answer<unknown>> {
    const me = await answer(api.getMe(poll.ending as never));
    if (!me.ok) return me;
    username = me.value.username;
    // An earlier set-up may have left a webhook; what waits there is kept.
    return answer(api.deleteWebhook());
  }

  async function run(firstHeard: () => void): Promise<void> {
    for (let failures = 0; !poll.ending.aborted; ) {
      const got = await greet();
      heard(got);
      firstHeard();
      if (isFinal(got)) return;
      if (got.ok) break;
      failures += 1;
      await pace.wait(backOff(failures, got.retryAfter), poll.ending);
    }
    const { commands } = options;
    if (commands && !poll.ending.aborted) apart('commands', () => setCommands(commands));
    await poll.run();
  }

  async function setCommands(sets: CommandSet[]): Promise<undefined> {
    const calls = {
      setCommands: (set: CommandSet) => answer(api.setMyCommands(set.commands, speech(set.language))),
      setDescription: (set: CommandSet) => answer(api.setMyDescription(set.description, speech(set.language))),
      setShort: (set: CommandSet) => answer(api.setMyShortDescription(set.short, speech(set.language))),
    };
    const cache = options.commandCache ?? { get: async () => undefined, set: async () => {} };
    // The bot's name is part of it: another token means another bot without any lists.
    await applyCommands(sets, hash(JSON.stringify([username, sets])), cache, calls, { wait: pace.wait, signal: poll.ending }, log);
  }

  return {
    name: 'telegram',
    capabilities: { choices: 'buttons', maxText: 4096 },
    /** Resolves when Telegram was first asked, whatever came of it, and soon: no channel keeps the others from starting. */
    async start(handler) {
      receive = handler;
      if (!mayCarryToken(options.apiRoot)) return become({ state: 'down', reason: 'The Bot API address must use https' });
      become({ state: 'starting' });
      const { promise: first, resolve } = Promise.withResolvers<void>();
      running = run(resolve).catch((error) => {
        log.error('telegram.loop-ended', { channel: 'telegram', code: codeOf(error) });
        become({ state: 'down', reason: 'The loop ended by a defect; start again' });
      });
      const timer = setTimeout(resolve, pace.patienceMs);
      await Promise.race([first, running]);
      clearTimeout(timer);
    },
    async send(person, message) {
      if (closed) return { later: laterMs };
      const result = await sender.send(person, message);
      if ('refused' in result) log.error('telegram.refused', { channel: 'telegram', who: hash(person), code: result.refused });
      return result;
    },
    health: () => health,
    handle: () => (username === '' ? null : `@${username}`),
    async stop() {
      // Replies of the batch in hand still go out, so sends are closed last.
      await poll.stop(async () => {
        await running;
        await Promise.all([sender.settled(), Promise.all(aside)]);
      }, pace.stopWithinMs);
      closed = true;
      kept.close();
      become({ state: 'off' });
    },
  };
}

/** grammY's errors hold what was sent; only number and description leave this place. */
async function answer<T>(call: Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (!(error instanceof GrammyError)) return { ok: false, code: 0, description: '', retryAfter: 0 };
    return { ok: false, code: error.error_code, description: error.description, retryAfter: error.parameters.retry_after ?? 0 };
  }
}
