// A person's answers in one run, as plain JSON. It is small, it expires, and it says nothing about
// where the person is: that is computed by walking.

export type Kind = 'return' | 'talk' | 'protection';
/** `null`: skipped. */
export type Value = string | string[] | null;
/** `lang` and `text` only for a consent: which words were agreed to. */
export type Answer = { value: Value; lang?: string; text?: string };
export type Picks = Record<string, string>;
export type Outcome = 'handed-off' | 'closed' | 'stopped' | 'erased';

export type Shown = { main?: string; aside?: string };

export type Session = {
  version: number;
  hash: string;
  lang: string;
  /** Where this walk begins and what it carried over. */
  from: { step: string; picks: Picks };
  picks: Picks;
  answers: Record<string, Answer>;
  /** A walk that began at an interrupt, a link or a caseworker's message; its picks end with it. */
  detour: { at: string; picks: Picks } | null;
  /** Marked values of a `choices` question not yet done. */
  marked: string[];
  /** Page of a list, or of the recap's change list; 0: the first, or the recap itself. */
  page: number;
  /** Replies in a row that were not understood; stops counting at the flow's maximum. */
  tries: number;
  /** Raised by each step, starts at a number of the shell's: deterministic ids come from it. */
  seq: number;
  /** `seq` when the question now on screen was first asked: the prompt stamp. */
  asked: number;
  /** The questions last shown, on the main walk and on the detour above it: a reply counts for no other. */
  shown?: Shown;
  done: Outcome | null;
  /** Whose link the person came by: shown in the recap, where it can be taken out. */
  partner?: Partner;
};

/** Who gave a link: its code and the name a person reads. */
export type Partner = { code: string; name: string };

export function withoutPartner(session: Session): Session {
  const { partner: _, ...rest } = session;
  return rest;
}

export type Interrupt = 'help' | 'language' | 'human' | 'urgent' | 'stop' | 'delete' | 'back';

export type Input =
  | { kind: 'start'; at?: string; partner?: Partner }
  | { kind: 'answer'; value: Value }
  | { kind: 'toggle'; value: string }
  | { kind: 'page'; page: number }
  /** Recap: drop this field or pick, so that it is asked again. */
  | { kind: 'change'; item: string }
  | { kind: 'interrupt'; name: Interrupt; group?: string }
  | { kind: 'topic'; at: string }
  /** A caseworker wrote: the next words answer it. `at`: a question of the desk instead of words. */
  | { kind: 'message'; at?: string }
  | { kind: 'written' }
  /** A button of an earlier question, or a question opened again without a reply. */
  | { kind: 'stale' }
  | { kind: 'again' }
  | { kind: 'unclear'; why: 'words' | 'media' | 'edited' | 'invalid' | 'which' };

/** What is known on the current path: fields by name, picks by `file/step`. */
export type Known = Record<string, Value>;

/** What the shell knows about the world, as values. */
export type Facts = {
  requestOpen: boolean;
  /** Host country to what its programme pack says; a missing country has no programme. */
  programmes: Record<string, { open: boolean; noReturn: string[]; repeatWindow: boolean; partnerVisits: boolean }>;
  childStaff: boolean;
  protectionStaff: boolean;
  /** The texts of this person's language are not checked, and this is no demo: it may inform, not ask. */
  draftLanguage?: boolean;
};
