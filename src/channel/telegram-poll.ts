// The loop over getUpdates. Telegram is the queue: an update is confirmed only when it is done, so a
// kill loses nothing. grammY's own loop confirms the update in hand on stop, its runner loses more;
// hence our own. Chats go side by side, each strictly in order behind whatever of it has failed.
import { type Answer, backOff, isFinal } from './telegram-calls.ts';

/** How updates reach us. */
export type Transport = {
  /** Asked until it succeeds or never can. */
  prepare(): Promise<Answer<unknown>>;
  /** Resolves when the channel ends, or when there is no use in going on. */
  run(): Promise<void>;
  /** Aborts when the channel is to stop. */
  ending: AbortSignal;
  /** Takes nothing new; what is in hand is finished and confirmed, or as much of it as the time allows. */
  stop(settle: () => Promise<void>, graceMs: number): Promise<void>;
};

type PollRules<U> = {
  prepare: Transport['prepare'];
  fetch(offset: number, limit: number, seconds: number, signal?: AbortSignal): Promise<Answer<U[]>>;
  chatOf(update: U): string;
  /** Rejects when the update has to come again. */
  handle(update: U, again: boolean): Promise<void>;
  /** Called after each update, and before any is confirmed: whoever is owed an answer is kept. `keep` rejects when that failed. */
  note(update: U): void;
  keep(): Promise<void>;
  setAside(update: U, tries: number, error: unknown): void;
  /** Our own stores are down: that is nobody's poison message, so it never counts as a try. */
  isOutage(error: unknown): boolean;
  /** Every answer to a fetch, for the channel's health. */
  heard(answer: Answer<unknown>): void;
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

/** Killed pollers get a whole batch again, and a session remembers this many handled ids. */
const limit = 32;
const longPollSeconds = 25;
const maxTries = 3;
/** Of the time given to stop, the part in which updates of the batch in hand are still begun. */
const beginShare = 0.7;

export function makePoll<U extends { update_id: number }>(rules: PollRules<U>): Transport {
  const ending = new AbortController();
  const hurry = new AbortController();
  /** Done, but not to be confirmed yet because an earlier one is not. */
  const done = new Set<number>();
  const tries = new Map<number, number>();
  /** Everything below it is confirmed. Never a maximum: after an idle week Telegram's ids start anywhere. */
  let offset = 0;

  async function handleChat(updates: U[]): Promise<void> {
    for (const update of updates) {
      if (hurry.signal.aborted) return;
      const id = update.update_id;
      try {
        await rules.handle(update, tries.has(id));
        rules.note(update);
      } catch (error) {
        const count = (tries.get(id) ?? 0) + (rules.isOutage(error) ? 0 : 1);
        tries.set(id, count);
        if (count < maxTries) return;
        rules.setAside(update, count, error);
      }
      tries.delete(id);
      done.add(id);
    }
  }

  /** Resolves when all are done or failed, or when there is no time left to wait for them. */
  async function handleBatch(batch: U[]): Promise<boolean> {
    const chats = Map.groupBy(
      batch.filter((update) => !done.has(update.update_id)),
      rules.chatOf,
    );
    const { promise: noTimeLeft, resolve } = Promise.withResolvers<void>();
    const give = () => resolve();
    hurry.signal.addEventListener('abort', give);
    await Promise.race([Promise.all([...chats.values()].map(handleChat)), noTimeLeft]);
    hurry.signal.removeEventListener('abort', give);
    const kept = await rules.keep().then(
      () => true,
      () => false,
    );
    if (!kept) return false;
    const open = batch.find((update) => !done.has(update.update_id));
    const last = batch.at(-1);
    if (open) offset = open.update_id;
    else if (last) {
      offset = last.update_id + 1;
      done.clear();
    }
    return open === undefined;
  }

  async function run(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted; ) {
      // After a failure a short question, so that a healthy channel is not called down for a whole long poll.
      const answer = await rules.fetch(offset, limit, failures === 0 ? longPollSeconds : 0, ending.signal);
      if (ending.signal.aborted) break;
      rules.heard(answer);
      if (isFinal(answer)) return;
      const whole = answer.ok && (await handleBatch(answer.value));
      failures = whole ? 0 : failures + 1;
      if (!whole) await rules.wait(backOff(failures, answer.ok ? 0 : answer.retryAfter), ending.signal);
    }
    if (offset > 0) await rules.fetch(offset, 1, 0);
  }

  return {
    prepare: rules.prepare,
    run,
    ending: ending.signal,
    async stop(settle, graceMs) {
      ending.abort();
      const late = setTimeout(() => hurry.abort(), graceMs * beginShare);
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const end = setTimeout(resolve, graceMs);
      await Promise.race([settle(), over]);
      clearTimeout(late);
      clearTimeout(end);
    },
  };
}
