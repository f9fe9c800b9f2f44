// The bot's command list and descriptions, as Telegram shows them before the chat begins. Telegram
// limits these calls strictly, so they are made only when the words changed, one by one and in the
// background; a failure is only logged and the next start tries again.
import type { Log } from '../log.ts';
import type { Answer } from './telegram-calls.ts';

export type CommandSet = {
  /** Two letters; `null` for everybody without a list of their own language. */
  language: string | null;
  commands: { command: string; description: string }[];
  description: string;
  short: string;
};

type CommandCalls = {
  setCommands(set: CommandSet): Promise<Answer<unknown>>;
  setDescription(set: CommandSet): Promise<Answer<unknown>>;
  setShort(set: CommandSet): Promise<Answer<unknown>>;
};

const maxTries = 3;

export async function applyCommands(
  sets: CommandSet[],
  hash: string,
  /** Where the hash of what was last set is kept between starts. */
  cache: { get(): Promise<string | undefined>; set(hash: string): Promise<void> },
  calls: CommandCalls,
  pace: { wait(ms: number, signal: AbortSignal): Promise<void>; signal: AbortSignal },
  log: Log,
): Promise<void> {
  if ((await cache.get()) === hash) return;
  let failed = 0;
  // Telegram knows two-letter languages only; the others see the list for everybody.
  for (const set of sets.filter(({ language }) => language === null || /^[a-z]{2}$/.test(language)))
    for (const call of [calls.setCommands, calls.setDescription, calls.setShort]) if (!(await insist(() => call(set)))) failed += 1;
  if (pace.signal.aborted) return;
  if (failed === 0) await cache.set(hash);
  else log.warn('telegram.commands-not-set', { channel: 'telegram', count: failed });

  async function insist(call: () => Promise<Answer<unknown>>): Promise<boolean> {
    for (let tries = 1; !pace.signal.aborted; tries += 1) {
      const answer = await call();
      if (answer.ok) return true;
      if (answer.code !== 429 || tries === maxTries) return false;
      await pace.wait(answer.retryAfter * 1_000, pace.signal);
    }
    return false;
  }
}
