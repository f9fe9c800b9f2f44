// What a request is at the desk and every way it can change. The table is data, so that tests can
// walk all of it and nobody can add a way out by writing an `if` somewhere else.
import type { Kind, Known } from '../flow/session.ts';
import { priority } from './priority.ts';

export const kinds = ['return', 'talk', 'protection'] as const satisfies readonly Kind[];
export const openStatuses = ['new', 'claimed', 'waiting_us', 'waiting_person', 'appointment', 'transferred'] as const;
export const finalStatuses = ['closed', 'withdrawn', 'erased'] as const;
export const statuses = [...openStatuses, ...finalStatuses] as const;
export const levels = ['urgent', 'high', 'normal'] as const;
/** None of them says eligible, refused or approved: the desk decides no such thing. */
export const closeReasons = ['done', 'no-contact', 'other-service', 'duplicate', 'other'] as const;
export const roles = ['caseworker', 'protection', 'supervisor', 'administrator', 'auditor'] as const;

export type Status = (typeof statuses)[number];
export type Level = (typeof levels)[number];
export type CloseReason = (typeof closeReasons)[number];
export type Role = (typeof roles)[number];
export type By = 'staff' | 'bot';

/** Why a caseworker sets a level of their own. Codes, not words: they stand in the queue, which nobody opens to read. */
export const levelReasons = ['danger-told', 'health-told', 'safe-now', 'helped-elsewhere', 'not-serious', 'other'] as const;
export type LevelReason = (typeof levelReasons)[number];

/** Who does something. `bound`: may only work on what they claimed (an account at the desk; a token is not). */
export type Actor = {
  id: string;
  by: By;
  roles: readonly Role[];
  bound: boolean;
  /** Offices whose requests they see; none named: all. */
  offices?: readonly string[];
};

/** What may be known of a request without opening it. */
export type Case = {
  id: string;
  ref: string;
  kind: Kind;
  status: Status;
  version: number;
  /** What the rules say; `override` is what a caseworker made of it, and both stay visible. */
  level: Level;
  reasons: string[];
  override: { level: Level; why: LevelReason; by: string } | null;
  channel: string;
  language: string;
  country: string | null;
  /** Where it is worked on; null: everywhere. */
  office: string | null;
  openedAt: number;
  waitingSince: number;
  claimedBy: string | null;
  /** While it is offered to others: which office (null: an organisation), and the state it goes back to. */
  referral: { office: string | null; from: Status } | null;
  closedReason: string | null;
  closedAt: number | null;
  seqIn: number;
  seqOut: number;
};

export type Consent = { kind: Kind; field: string; version: number; language: string; hash: string; at: string; covers: string[] };
/** The level a request stands at in the queue. */
export const levelOf = (kase: Pick<Case, 'level' | 'override'>): Level => kase.override?.level ?? kase.level;

export type Share = { organisation: string; agreed: boolean; version: number; language: string; hash: string; seq: number; at: number };

/** What the person agreed to hand over; sealed, and gone when the request is purged. */
export type Content = {
  consent: Consent;
  answers: Known;
  reason?: 'asked-for-person';
  link?: string;
  shares: Share[];
  followups: { answers: Known; at: number }[];
  /** What the person told a caseworker: it stands before what the chat asked. */
  heard?: { answers: Known; by: string; at: number };
  /** Whom the person was asked to share with, and how often they had answered before; the answers are in `shares`. */
  asked?: { organisation: string; name: string; answered: number; embassy?: true; by: string; at: number }[];
  /** Re-confirmed in private: free choice, identity, language (R24). */
  confirmed?: { by: string; at: number };
  appointment?: { date: string; time: string; place: string; by: string; at: number };
  /** The organisation it was offered to last, and when that took it on. */
  referral?: { organisation: string; name: string; by: string; at: number; taken?: number };
  /** The person's written consent that their embassy is contacted (R28), and where the paper is kept. */
  embassy?: { date: string; kept: string; by: string; at: number };
  /** The consent of the talk this return request came from, and who read the new one with the person. */
  former?: { consent: Consent; by: string; interpreter: boolean };
};

/** One line of the history: ids and codes only, never words, for it outlives the request. */
export type Entry = { actor: string; action: string; subject: string; detail: string };

/** `why`: a code for the words that explain it. */
export type Problem = {
  ok: false;
  code: 'claimed' | 'closed' | 'no_consent' | 'conflict' | 'invalid' | 'not_found';
  by?: string;
  why?: string;
};
/** `content`: only where what the person told has changed too. */
export type Done = { ok: true; case: Case; entry: Entry; content?: Content };

/** Statuses in which somebody holds the request. */
const held = ['claimed', 'waiting_us', 'waiting_person'] as const;

type Transition = { event: string; by: readonly By[]; from: readonly Status[]; to: Status | 'same' | 'before' };

export const transitions = [
  { event: 'claim', by: ['staff'], from: ['new'], to: 'claimed' },
  { event: 'release', by: ['staff'], from: held, to: 'new' },
  { event: 'reply', by: ['staff'], from: openStatuses, to: 'same' },
  { event: 'note', by: ['staff'], from: openStatuses, to: 'same' },
  { event: 'record', by: ['staff'], from: openStatuses, to: 'same' },
  { event: 'level', by: ['staff'], from: openStatuses, to: 'same' },
  { event: 'assign', by: ['staff'], from: ['new'], to: 'claimed' },
  { event: 'assign', by: ['staff'], from: [...held, 'appointment'], to: 'same' },
  { event: 'reveal', by: ['staff'], from: openStatuses, to: 'same' },
  { event: 'delivered', by: ['bot'], from: ['claimed', 'waiting_us'], to: 'waiting_person' },
  { event: 'delivered', by: ['bot'], from: ['new', 'waiting_person', 'appointment', 'transferred', 'closed'], to: 'same' },
  { event: 'failed', by: ['bot'], from: ['waiting_person'], to: 'waiting_us' },
  { event: 'failed', by: ['bot'], from: ['new', 'claimed', 'waiting_us', 'appointment', 'transferred', 'closed'], to: 'same' },
  { event: 'message', by: ['bot'], from: ['claimed', 'waiting_person'], to: 'waiting_us' },
  { event: 'message', by: ['bot'], from: ['new', 'waiting_us', 'appointment', 'transferred'], to: 'same' },
  { event: 'consent', by: ['bot'], from: openStatuses, to: 'same' },
  { event: 'followup', by: ['bot'], from: openStatuses, to: 'same' },
  { event: 'appoint', by: ['staff'], from: held, to: 'appointment' },
  { event: 'missed', by: ['staff'], from: ['appointment'], to: 'waiting_us' },
  { event: 'await-us', by: ['staff'], from: ['claimed', 'waiting_person'], to: 'waiting_us' },
  { event: 'await-person', by: ['staff'], from: ['claimed', 'waiting_us'], to: 'waiting_person' },
  { event: 'refer', by: ['staff'], from: ['new', ...held, 'appointment'], to: 'transferred' },
  { event: 'accept', by: ['staff'], from: ['transferred'], to: 'new' },
  { event: 'take-over', by: ['staff'], from: ['transferred'], to: 'claimed' },
  { event: 'turn-back', by: ['staff', 'bot'], from: ['transferred'], to: 'before' },
  { event: 'close', by: ['staff'], from: openStatuses, to: 'closed' },
  { event: 'withdraw', by: ['bot'], from: openStatuses, to: 'withdrawn' },
  { event: 'erase', by: ['bot', 'staff'], from: [...openStatuses, 'closed', 'withdrawn'], to: 'erased' },
] as const satisfies readonly Transition[];

export type EventName = (typeof transitions)[number]['event'];

/** The state that counts for waits and times: an offer to others changes nothing for the person. */
export const stateOf = ({ status, referral }: Pick<Case, 'status' | 'referral'>): Status => referral?.from ?? status;

export const isOpen = (status: Status) => openStatuses.some((one) => one === status);

/** Where an event leads, or why it does not. `before`: the state a request on offer goes back to. */
export function next(status: Status, event: EventName, by: By, before: Status = 'new'): Status | Problem {
  const rows: readonly Transition[] = transitions;
  const row = rows.find((one) => one.event === event && one.by.includes(by) && one.from.includes(status));
  if (row !== undefined) return row.to === 'same' ? status : row.to === 'before' ? before : row.to;
  if (event === 'reply' && (status === 'withdrawn' || status === 'erased')) return { ok: false, code: 'no_consent' };
  if (!isOpen(status)) return { ok: false, code: 'closed' };
  return { ok: false, code: event === 'claim' ? 'claimed' : 'conflict' };
}

/** What `case.opened` brings. */
export type Opening = {
  case_id: string;
  ref: string;
  seq: number;
  kind: Kind;
  channel: string;
  language: string;
  country: string | null;
  consent?: Consent;
  answers: Known;
  reason?: 'asked-for-person' | undefined;
  link?: string | undefined;
  office?: string | null;
};

/** A new request; refused without a consent of its own kind, and a child's assent opens protection alone. */
export function openCase(opening: Opening, at: number): (Done & { content: Content }) | Problem {
  const { consent, kind, answers, reason, link } = opening;
  if (consent === undefined || consent.kind !== kind) return { ok: false, code: 'no_consent' };
  if (consent.field === 'assent' && kind !== 'protection') return { ok: false, code: 'no_consent' };
  if (kind !== 'return' && Object.keys(answers).length > 0) return { ok: false, code: 'invalid' };
  const { level, reasons } = priority({ kind, field: consent.field, answers, asked: reason !== undefined, crisis: false });
  return {
    ok: true,
    case: {
      id: opening.case_id,
      ref: opening.ref,
      kind,
      status: 'new',
      version: 1,
      level,
      reasons,
      override: null,
      channel: opening.channel,
      language: opening.language,
      country: opening.country,
      office: opening.office ?? null,
      openedAt: at,
      waitingSince: at,
      claimedBy: null,
      referral: null,
      closedReason: null,
      closedAt: null,
      seqIn: opening.seq,
      seqOut: 0,
    },
    content: { consent, answers, ...(reason && { reason }), ...(link !== undefined && { link }), shares: [], followups: [] },
    entry: { actor: 'bot', action: 'case.opened', subject: opening.case_id, detail: '' },
  };
}
