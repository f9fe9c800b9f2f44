// What the Telegram channel is told and given, and what it does without.
import type { Log } from '../log.ts';
import { sleep } from './telegram-calls.ts';
import type { CommandSet } from './telegram-commands.ts';
import type { OwedStore } from './telegram-owed.ts';
import type { HookOptions } from './telegram-webhook.ts';

export type TelegramPace = {
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** How long a send is waited for before it goes on in the background. */
  patienceMs: number;
  /** A step that takes longer shows "typing". */
  typingAfterMs: number;
  /** `stop` resolves within this time, whatever hangs. */
  stopWithinMs: number;
  /** A delivery by webhook is answered within this time. */
  answerWithinMs: number;
};

/** Where the hash of something last set at Telegram is kept between starts. */
type Cache = { get(): Promise<string | undefined>; set(hash: string): Promise<void> };

export type TelegramOptions = {
  token: string;
  apiRoot: string;
  log: Log;
  /** Keyed hash of an address, for the log's `who`. */
  hash(text: string): string;
  now(): number;
  commands?: CommandSet[];
  /** Without it the command lists, and a webhook, are set at every start. */
  cache?(what: 'commands' | 'webhook'): Cache;
  /** Without it an answer that Telegram would not take yet is lost when we are killed. */
  owed?: OwedStore;
  /** Telegram brings updates instead of being asked for them. */
  webhook?: HookOptions;
  groupNotice?(username: string): string;
  /** Whether a rejected `receive` means that our stores are down. Such updates are kept for as long as it lasts. */
  isOutage?(error: unknown): boolean;
  /** Tests only. */
  pace?: Partial<TelegramPace>;
};

export const usualPace: TelegramPace = {
  ...{ wait: sleep, patienceMs: 2_500, typingAfterMs: 1_000 },
  ...{ stopWithinMs: 10_000, answerWithinMs: 8_000 },
};
/** How long a webhook's update waits for its answer before it has to come again. */
export const owedMs = 90_000;
export const nothingOwed: OwedStore = { load: async () => undefined, save: async () => {} };
export const noCache: Cache = { get: async () => undefined, set: async () => {} };
export const englishNotice = (username: string) => `This chat works only in a private conversation: https://t.me/${username}`;
