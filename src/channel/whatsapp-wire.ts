// What the channel and its child process say to each other. Errors cross as codes of ours, never as
// texts: the library's own messages can quote an address or somebody's words.
import type { Body } from './channel.ts';

/** Why a child ends; the channel decides from it when the next one starts. */
export type Why =
  /** Asked to, or its memory and age say so. */
  | 'asked'
  | 'planned'
  /** Logged out from the telephone: pair again. */
  | 'logged-out'
  /** WhatsApp holds this session elsewhere. */
  | 'conflict'
  /** WhatsApp refuses the number or this version of its page. */
  | 'refused'
  | 'unpaired'
  | 'no-qr'
  | 'no-ready'
  | 'no-page'
  | 'no-connection'
  | 'no-answer'
  | 'browser-gone'
  | 'page-crashed'
  | 'library-failed'
  | 'crashed';

/** One thing a person did, as the library told it. */
export type Said = {
  /** Who: the id without a number in it where WhatsApp knows one, else the id received. */
  person: string;
  /** The same person's other id, where WhatsApp knows both. */
  also?: string;
  /** The id received: replies go here. */
  chat: string;
  id: string;
  sentAt: number;
  body: Body;
};

/** Initial values; a test may shorten them. All in milliseconds but the memory. */
export type ChildTimes = {
  /** Browser started and page loaded. */
  initialize: number;
  /** From there to `ready`. */
  ready: number;
  /** Between two QR codes. */
  qr: number;
  /** Any one call of the library. */
  call: number;
  /** Between two questions for a person's other id that was not known. */
  lookAgain: number;
  /** Between two looks at the page's state, and how long an answer to that may take. */
  beat: number;
  answer: number;
  /** Without WhatsApp's servers before the page is opened anew. */
  unconnected: number;
  /** After `ready`: no planned end before. Pairing was reported lost when stopped sooner. */
  settle: number;
  /** At this age a new browser at the next quiet moment. */
  oldest: number;
  quiet: number;
  mostMemoryMb: number;
  /** It is not weighed before: a limit that is too low must not open the page once a minute. */
  unweighed: number;
};

export const childTimes: ChildTimes = {
  initialize: 90_000,
  ready: 60_000,
  qr: 120_000,
  call: 20_000,
  lookAgain: 600_000,
  beat: 5_000,
  answer: 5_000,
  unconnected: 300_000,
  settle: 60_000,
  oldest: 24 * 3_600_000,
  quiet: 600_000,
  mostMemoryMb: 1_500,
  unweighed: 1_800_000,
};

export type ChildOptions = {
  chromium: string;
  args: string[];
  /** Folder of the saved pairing. */
  profile: string;
  /** A stored page instead of the present one. */
  page: { folder: string; version: string } | null;
  times: ChildTimes;
};

export type Outcome = 'sent' | 'later' | 'no-chat' | 'failed';

/** From the child. */
export type Up =
  | { kind: 'qr'; qr: string }
  | { kind: 'state'; state: 'ready' | 'starting' | 'unconnected' }
  | { kind: 'said'; said: Said[] }
  | { kind: 'done'; call: number; outcome: Outcome }
  /** It lives. */
  | { kind: 'beat' }
  /** Something went wrong that does not end it. */
  | { kind: 'trouble'; code: string }
  | { kind: 'ending'; why: Why };

/** To the child. */
export type Down =
  | { do: 'begin'; options: ChildOptions }
  | { do: 'send'; call: number; chat: string; text: string }
  | { do: 'seen'; call: number; chat: string }
  | { do: 'typing'; chat: string }
  /** Tell everything unread once more. */
  | { do: 'look' }
  | { do: 'end' };
