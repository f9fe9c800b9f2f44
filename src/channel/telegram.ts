// Telegram: what happens to an update, however it came, by our own loop (telegram-poll.ts) or brought by
// Telegram (telegram-webhook.ts). Nothing a person sent is ever downloaded.
import type { Router } from 'express';
import { codeOf } from '../log.ts';
import { capabilities } from './capabilities.ts';
import type { Channel, Health, Receive } from './channel.ts';
import { type Answer, backOff, isFinal, makeCalls, reasonOf } from './telegram-calls.ts';
import { applyCommands, type CommandSet } from './telegram-commands.ts';
import { mayCarryToken } from './telegram-fetch.ts';
import { englishNotice, noCache, nothingOwed, owedMs, type TelegramOptions, type TelegramPace, usualPace } from './telegram-options.ts';
import { makeOwed, paid } from './telegram-owed.ts';
import { makePoll } from './telegram-poll.ts';
import { type Reading, readUpdate } from './telegram-read.ts';
import { laterMs, makeSender } from './telegram-send.ts';
import { makeHook } from './telegram-webhook.ts';

/** `router`: takes what Telegram brings; null while we ask for it ourselves. */
export type Telegram = Channel & { router: Router | null };

export function makeTelegram(options: TelegramOptions): Telegram {
  const { token, log, hash, now } = options;
  const pace: TelegramPace = { ...usualPace, ...options.pace };
  const calls = makeCalls(token, options.apiRoot);
  const cacheOf = options.cache ?? (() => noCache);
  /** Groups told where to find us, until we are out of them. */
  const told = new Set<number>();
  const aside = new Set<Promise<unknown>>();
  let health: Health = { state: 'off' };
  let username = '';
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  let receive: Receive = async () => {};

  const sender = makeSender(calls, pace);
  const owed = makeOwed(options.owed ?? nothingOwed, sender.owes);
  const common = {
    handle,
    setAside: ({ chat }: Reading, count: number, error: unknown) =>
      log.error('telegram.set-aside', { channel: 'telegram', who: hash(chat), count, code: codeOf(error) }),
    isOutage: options.isOutage ?? (() => false),
    heard,
    wait: pace.wait,
  };
  const read = (update: unknown) => readUpdate(update, now);
  const hook =
    options.webhook &&
    makeHook<Reading>({
      ...common,
      ...options.webhook,
      ...{ calls, hash, read, cache: cacheOf('webhook'), answerWithinMs: pace.answerWithinMs },
      paid: ({ incoming }) => paid(() => incoming !== undefined && sender.owes(incoming.person), owedMs),
    });
  const transport =
    hook ??
    makePoll<Reading>({
      ...common,
      // An earlier set-up may have left a webhook; what waits there is kept.
      prepare: calls.deleteWebhook,
      async fetch(offset, limit, timeout, signal) {
        const got = await calls.updates(offset, limit, timeout, signal);
        if (!got.ok) return got;
        const value = got.value.flatMap((update) => read(update) ?? []);
        return value.length === 0 && got.value.length > 0 ? { ok: false, code: 0, description: '', retryAfter: 0 } : { ok: true, value };
      },
      chatOf: ({ chat }) => chat,
      note: ({ incoming }) => incoming && owed.note(incoming.person, incoming.id),
      keep: owed.keep,
    });

  async function handle({ tap, group, prompt, incoming }: Reading, again: boolean): Promise<void> {
    if (tap !== undefined && !again) apart('tap', () => calls.acknowledge(tap));
    if (group) await leave(group);
    if (!incoming) return;
    const { person, body } = incoming;
    if (prompt) sender.tapped(person, prompt);
    if (body.kind === 'left') sender.forget(person);
    const typing = setTimeout(() => apart('typing', () => calls.typing(Number(person))), pace.typingAfterMs);
    try {
      // A number or label written before the question on screen was asked is no answer to it.
      const late = body.kind === 'text' && incoming.sentAt < sender.askedAt(person);
      await receive(late ? { ...incoming, late } : incoming);
    } finally {
      clearTimeout(typing);
    }
  }

  /** A group reads along, so there is no conversation in it: one notice, and out. */
  async function leave({ id, gone }: { id: number; gone: boolean }): Promise<void> {
    if (gone) return void told.delete(id);
    if (!told.has(id)) {
      told.add(id);
      await calls.send(id, (options.groupNotice ?? englishNotice)(username), []);
    }
    const left = await calls.leave(id);
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

  /** Answers that did not go out, by this process or the one before it. A webhook brings their updates again. */
  async function resend(): Promise<undefined> {
    if (hook) return;
    for (const [person, id] of await owed.all()) {
      await receive({ channel: 'telegram', person, id, sentAt: now(), body: { kind: 'open' }, resend: true });
      owed.note(person, id);
    }
  }

  function become(next: Health): void {
    if (next.state === 'ready' && health.state !== 'ready') apart('resend', resend);
    if (next.state !== health.state || next.reason !== health.reason)
      log[next.state === 'down' ? 'error' : 'info']('channel.state', { channel: 'telegram', state: next.state });
    health = next;
  }

  function heard(got: Answer<unknown>, trouble?: string): void {
    if (transport.ending.aborted) return;
    if (!got.ok) become({ state: 'down', reason: reasonOf(got) });
    else become(trouble === undefined ? { state: 'ready' } : { state: 'ready', reason: trouble });
  }

  /** Who are we, and do updates come to us: asked until Telegram answers. */
  async function greet(): Promise<Answer<unknown>> {
    const me = await calls.me(transport.ending);
    if (!me.ok) return me;
    username = me.value.username;
    return transport.prepare();
  }

  async function run(firstHeard: () => void): Promise<void> {
    for (let failures = 0; !transport.ending.aborted; ) {
      const got = await greet();
      heard(got);
      firstHeard();
      if (isFinal(got)) return;
      if (got.ok) break;
      failures += 1;
      await pace.wait(backOff(failures, got.retryAfter), transport.ending);
    }
    const { commands } = options;
    if (commands && !transport.ending.aborted) apart('commands', () => setCommands(commands));
    await transport.run();
  }

  async function setCommands(sets: CommandSet[]): Promise<undefined> {
    // The bot's name is part of it: another token means another bot without any lists.
    const print = hash(JSON.stringify([username, sets]));
    await applyCommands(sets, print, cacheOf('commands'), calls, { wait: pace.wait, signal: transport.ending }, log);
  }

  return {
    name: 'telegram',
    capabilities: capabilities.telegram,
    router: hook?.router ?? null,
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
      await transport.stop(async () => {
        await running;
        await Promise.all([sender.settled(), Promise.all(aside)]);
      }, pace.stopWithinMs);
      closed = true;
      calls.close();
      become({ state: 'off' });
    },
  };
}
