// The tables of what must not be lost. Times are milliseconds since 1970; `sealed` columns hold a
// key id and ciphertext, never words. A person appears here only after a consent.

export type Tables = {
  /** Our own random keys, sealed by SEAL_KEY. */
  meta: { name: string; sealed: string };

  // The bot's side.
  consents: {
    id: string;
    conversation: string;
    field: string;
    kind: string | null;
    version: number;
    language: string;
    hash: string;
    at: number;
    case_id: string | null;
  };
  addresses: {
    case_id: string;
    ref: string;
    /** Blind index of channel and person. */
    person: string;
    kind: string;
    channel: string;
    language: string;
    country: string | null;
    sealed: string;
    opened_at: number;
    /** Last number given to an event of this case. */
    seq: number;
  };
  /** Replies to a person who can only be reached when they open the page again. */
  kept: { message_id: string; case_id: string; sealed: string; at: number };

  // The desk's side.
  cases: {
    id: string;
    ref: string;
    kind: string;
    status: string;
    /** Raised by each change; `If-Match` compares it. */
    version: number;
    level: string;
    /** JSON array of reason codes. */
    reasons: string;
    channel: string;
    language: string;
    country: string | null;
    /** Where it is worked on; null: everywhere. */
    office: string | null;
    /** A level that a caseworker set, why (a code) and who. */
    set_level: string | null;
    set_why: string | null;
    set_by: string | null;
    /** Blind index of the telephone number, until the content is purged. */
    phone: string | null;
    /** JSON of the consent and the coded answers. */
    sealed: string;
    opened_at: number;
    waiting_since: number;
    claimed_by: string | null;
    /** While it is on offer: to which office (null: an organisation), and the state it goes back to. */
    referred_office: string | null;
    referred_from: string | null;
    /** Its level as a number, urgent first; those that have ended stand three further down. */
    place: number;
    closed_reason: string | null;
    closed_at: number | null;
    /** Last event number seen from the bot, last one given to an event of ours. */
    seq_in: number;
    seq_out: number;
    /** Keyed hash of what was handed over, and the first of those within a minute that were alike. Both go with the content. */
    alike: string | null;
    flood: string | null;
  };
  messages: {
    id: string;
    case_id: string;
    direction: 'in' | 'out';
    /** out: queued, delivered, failed; in: received. */
    state: string;
    reason: string | null;
    possible_repeat: number;
    urgent: number;
    author: string | null;
    sealed: string;
    at: number;
  };
  /** `restricted`: for its author and protection staff. */
  notes: { id: string; case_id: string; author: string; sealed: string; at: number; restricted: number };
  accounts: {
    id: string;
    login: string;
    name: string;
    password: string;
    /** JSON array, sorted. */
    roles: string;
    language: string;
    /** JSON array; empty: all. */
    offices: string;
    created_at: number;
    disabled_at: number | null;
    /** Sealed secret of the second factor, one offered but not confirmed yet, and the last time step a code was used of. */
    factor: string | null;
    factor_offered: string | null;
    factor_step: number;
    /** Sealed e-mail address, and whether notices go there. */
    mail: string | null;
    notices: number;
  };
  /** `proved_at`: when the password was given last. */
  desk_sessions: { id: string; account: string; created_at: number; seen_at: number; proved_at: number };
  invitations: { id: string; roles: string; expires_at: number; used_at: number | null };

  /** Who shares a link. `code`: without its signature. */
  partners: { code: string; name: string; by: string; created_at: number; expires_at: number | null; revoked_at: number | null };
  /** How often a partner's page was opened, by language, and nothing else. */
  openings: { code: string; language: string; times: number };

  // Both sides.
  outbox: {
    /** The webhook id: the same for every attempt. */
    id: string;
    target: 'cases' | 'messages';
    case_id: string;
    /** Number of the event within its case: a later one waits for the earlier. */
    seq: number;
    sealed: string;
    due_at: number;
    attempts: number;
    locked_until: number;
    created_at: number;
    /** How often in a row the other side read it and said no. */
    refused: number;
    /** Set aside since: nobody takes it, and it blocks no other. */
    dead_at: number | null;
  };

  // Outside case systems.
  endpoints: {
    id: string;
    name: string;
    /** `own`, or the organisation a share-consent names. */
    organisation: string;
    /** JSON of the address and the secrets. */
    sealed: string;
    /** SHA-256 of its bearer token. */
    token: string;
    /** JSON arrays: event types it gets, event types it may send. */
    types: string;
    accepts: string;
    payload: 'thin' | 'full';
    protection: number;
    language: string;
    state: 'on' | 'paused' | 'disabled';
    created_at: number;
    /** Failures in a row, and since when. */
    failures: number;
    failing_since: number | null;
    /** Only probed, from `probe_at` on. */
    asleep: number;
    probe_at: number;
    /** It asked to be left alone until; it asked for less until. */
    hold_until: number;
    slow_until: number;
    /** How many of the alerts were given. */
    alerted: number;
  };
  deliveries: {
    /** The order of all events to all endpoints, and the cursor of `/api/v1/events`. */
    pos: number;
    endpoint: string;
    /** The webhook id: the same for every attempt and every replay. */
    id: string;
    type: string;
    /** Empty where the event is about no request. */
    case_id: string;
    kind: string | null;
    seq: number;
    /** 0: urgent, first to be sent. */
    rank: number;
    sealed: string;
    /** Goes as soon as it is settled, because the request it speaks of was purged. */
    brief: number;
    /** `kept`: fetched by the endpoint, never posted. */
    state: 'waiting' | 'delivered' | 'dead' | 'kept';
    attempts: number;
    due_at: number;
    tried_at: number;
    locked_until: number;
    /** Since when it is to be delivered; a replay begins anew. */
    since: number;
    created_at: number;
    settled_at: number | null;
    status: number | null;
    code: string | null;
  };
  /** What one endpoint knows of one request: numbers given and seen, and whether the consent stands. */
  told: { endpoint: string; case_id: string; seq_out: number; seq_in: number; standing: number };
  received: {
    endpoint: string;
    id: string;
    case_id: string;
    sealed: string;
    state: 'new' | 'done' | 'refused' | 'stale';
    at: number;
  };
  counters: { name: string; value: number };

  /** Webhook ids handled already, with the side that handled them. */
  handled: { id: string; at: number };
  audit: { seq: number; at: number; actor: string; action: string; subject: string; detail: string; prev: string; mac: string };
};
