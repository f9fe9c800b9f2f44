// What the desk needs from outside, as one plain object: stores, keys, words and the time. `main`
// fills it in; nothing here reads a setting or a clock by itself.
import type { Level } from '../case/case.ts';
import type { Retention } from '../case/retain.ts';
import type { Value } from '../flow/session.ts';
import type { Rules } from '../handoff/address.ts';
import type { Log } from '../log.ts';
import type { Keep } from '../store/keep.ts';
import type { Seals } from '../store/keys.ts';

/** Squares of a code as one SVG path, on a grid of `size` by `size`. */
export type Drawing = { size: number; path: string };

/** How a channel is. `code`: to be scanned to pair it. */
export type ChannelState = { name: string; state: 'off' | 'starting' | 'ready' | 'down'; reason?: string; code?: Drawing };

/** `id` is also what an outside endpoint is called that may receive the request. */
export type Organisation = { id: string; name: string; embassy: boolean };

export type Desk = {
  keep: Keep;
  seal: Seals;
  /** Chains the audit rows; 32 bytes of our own. */
  auditKey: Buffer;
  /** `whsec_…`, of the pair with the bot. */
  secrets: string[];
  log: Log;
  now: () => Date;
  /** At least 16 random small letters and digits. */
  newId: () => string;
  /** A console text: `console.json` of a language. */
  text: (lang: string, key: string, values?: Record<string, string>) => string;
  /** A text of the pages of a link: `link.json` of a language. */
  linkText: (lang: string, key: string) => string;
  /** Signs link codes: keyed hash, hex. */
  index: (...parts: string[]) => string;
  /** The words of a coded answer: the question's title and the answer; null asks for a skipped one. */
  answer: (lang: string, item: string, value: Value) => { title: string; value: string };
  /** The codes an item can be answered with. */
  choices: (item: string) => readonly string[];
  /** The return consent as it is shown today, to be read together with a person. */
  returnConsent: (lang: string) => { field: string; version: number; hash: string; lines: string[] };
  /** Where a request from this country is worked on; null: everywhere. */
  officeOf: (country: string | null) => string | null;
  offices: readonly string[];
  /** Institutions a person may be asked to share with, as the programme pack of the country names them. */
  organisations: (country: string | null) => readonly Organisation[];
  /** What the programme file of the country says for a caseworker, in the order of asking. */
  programme: (country: string | null) => readonly { name: string; words: string[] }[];
  /** Minutes within which somebody should be answered. */
  targets: Readonly<Record<Level, number>>;
  direction: (lang: string) => 'ltr' | 'rtl';
  /** Languages the console and the chat have; the first is the fallback. */
  languages: string[];
  mode: 'demo' | 'production';
  publicUrl: string;
  apiToken?: string | undefined;
  apiProtection: boolean;
  /** Where outside endpoints may be. */
  addresses: Rules;
  /** Days; `closed` 0: what the person told goes on closing. */
  retention: Retention;
  /** The channels of the bot beside this desk; none where it runs elsewhere. */
  channels?: () => ChannelState[];
  /** How often each step of the chat was reached in a month; not there where the bot runs elsewhere. */
  steps?: (month: string) => Promise<Record<string, number>>;
  /** Whether there is a mail server for notices. */
  mails?: boolean;
  /** Something was put into the outbox. */
  wake: () => void;
};
