// Updates that Telegram brings to us. It is the queue here too: it holds a chat's next update back until
// this one was answered with 200, and 200 is said only when the step is stored. So several processes may
// take turns: the person's lock and the handled ids of the session do the rest.
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type Response, type Router } from 'express';
import { problem } from '../http/problem.ts';
import { type Answer, allowedUpdates, backOff, type Calls, isFinal } from './telegram-calls.ts';
import type { Transport } from './telegram-poll.ts';

export type HookOptions = {
  /** Where Telegram is to bring updates: our public address and `/telegram`. */
  url: string;
  /** Telegram shows it with every update. */
  secret: string;
};

type HookRules<U> = HookOptions & {
  calls: Pick<Calls, 'webhook' | 'setWebhook'>;
  /** Where a hash of what was last set is kept: Telegram tells all of it but the secret. */
  cache: { get(): Promise<string | undefined>; set(hash: string): Promise<void> };
  hash(text: string): string;
  read(raw: unknown): U | undefined;
  /** Rejects when the update has to come again. */
  handle(update: U, again: boolean): Promise<void>;
  /** Rejects while an answer to it has not gone out: then it comes again, and its answer with it. */
  paid(update: U): Promise<void>;
  setAside(update: U, tries: number, error: unknown): void;
  isOutage(error: unknown): boolean;
  heard(answer: Answer<unknown>, trouble?: string): void;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Telegram is answered within this time; what takes longer goes on, and its next delivery gets the outcome. */
  answerWithinMs: number;
};

/** As many as Telegram may deliver side by side; the ceiling of a surge. */
const connections = 100;
const maxTries = 3;
const mostRemembered = 10_000;
const lookEveryMs = 60_000;
const bodyLimit = '1mb';

export function makeHook<U extends { update_id: number }>(rules: HookRules<U>): Transport & { router: Router } {
  const ending = new AbortController();
  const underway = new Map<number, Promise<boolean>>();
  const tries = new Map<number, number>();
  /** Done after Telegram had stopped waiting: their next delivery is only confirmed. */
  const done = new Set<number>();
  let open = false;

  /** Whether the update need not come again. */
  async function attempt(update: U): Promise<boolean> {
    const id = update.update_id;
    try {
      await rules.handle(update, tries.has(id));
    } catch (error) {
      const count = (tries.get(id) ?? 0) + (rules.isOutage(error) ? 0 : 1);
      tries.set(id, count);
      forgetOldest(tries);
      if (count < maxTries) return false;
      rules.setAside(update, count, error);
    }
    tries.delete(id);
    const whole = await rules.paid(update).then(
      () => true,
      () => false,
    );
    if (whole) done.add(id);
    forgetOldest(done);
    return whole;
  }

  function take(update: U): Promise<boolean> {
    const id = update.update_id;
    const before = underway.get(id);
    if (before !== undefined) return before;
    const work = attempt(update).finally(() => underway.delete(id));
    underway.set(id, work);
    return work;
  }

  async function inTime(work: Promise<boolean>): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, rules.answerWithinMs, false);
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  async function answer(raw: unknown, response: Response): Promise<void> {
    const update = rules.read(raw);
    // Without an id it is no update, and nothing could come of a second delivery.
    const whole = update === undefined || done.has(update.update_id) || (await inTime(take(update)));
    if (whole) response.status(200).set('Cache-Control', 'no-store').json({});
    else problem(response, 'unavailable');
  }

  const router = express.Router();
  const expected = digest(rules.secret);
  router.post(
    '/telegram',
    (request, response, next) => {
      // Before anything else is read of it.
      if (!timingSafeEqual(expected, digest(request.get('x-telegram-bot-api-secret-token') ?? ''))) problem(response, 'unauthorized');
      else if (!open || ending.signal.aborted) problem(response, 'unavailable');
      else next();
    },
    express.json({ limit: bodyLimit, inflate: false, strict: true, type: () => true }),
    (request, response) => answer(request.body, response),
  );

  /** Tells Telegram where we are, unless it knows. */
  async function prepare(): Promise<Answer<unknown>> {
    const { url, secret, calls, cache } = rules;
    // It may come the moment it is set.
    open = true;
    const known = await calls.webhook();
    if (!known.ok) return known;
    const print = rules.hash(JSON.stringify([url, secret, connections, allowedUpdates]));
    const { value } = known;
    const listed = [...(value.allowed_updates ?? [])].sort().join() === [...allowedUpdates].sort().join();
    const same = value.url === url && value.max_connections === connections && listed;
    if (same && (await cache.get().catch(() => undefined)) === print) return known;
    const set = await calls.setWebhook({ url, secret, connections });
    if (set.ok) await cache.set(print).catch(() => {});
    return set;
  }

  /** From time to time: is it still us to whom Telegram brings what people write, and does it arrive? */
  async function run(): Promise<void> {
    for (let failures = 0; ; ) {
      await rules.wait(failures === 0 ? lookEveryMs : backOff(failures), ending.signal);
      if (ending.signal.aborted) return;
      const known = await rules.calls.webhook();
      if (ending.signal.aborted) return;
      rules.heard(known, known.ok ? troubleIn(known.value, rules.url) : undefined);
      if (isFinal(known)) return;
      failures = known.ok ? 0 : failures + 1;
    }
  }

  return {
    router,
    prepare,
    run,
    ending: ending.signal,
    /** What is in hand is finished and confirmed; everything else is told to come again. */
    async stop(settle, graceMs) {
      ending.abort();
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([Promise.all(underway.values()).then(settle), over]);
      clearTimeout(timer);
    },
  };
}

/** Both sides as hashes of one length, so that the time of comparing tells nothing. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function forgetOldest(remembered: { size: number; keys(): Iterator<number>; delete(id: number): unknown }): void {
  const { value } = remembered.keys().next();
  if (remembered.size > mostRemembered && value !== undefined) remembered.delete(value);
}

type Known = { url?: string; pending_update_count: number; last_error_date?: number };

/** What an operator should know although our own side works. */
function troubleIn({ url, pending_update_count: waiting, last_error_date: failed }: Known, ours: string): string | undefined {
  if (url !== ours) return 'Another program took over this bot; start again to take it back';
  return waiting > 0 && failed !== undefined ? 'Telegram could not deliver to PUBLIC_URL lately; what people wrote waits there' : undefined;
}
