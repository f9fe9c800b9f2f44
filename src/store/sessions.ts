// A person's session in Keyv: sealed, under a blind index, gone after the time of SESSION_TTL_HOURS.
import type { Effect } from '../flow/effect.ts';
import type { Session } from '../flow/session.ts';
import type { Forget } from './forget.ts';
import type { Seal } from './seal.ts';

export type Stored = {
  session: Session;
  /** Made from the first message of this run; SQL ids come from it, so that a repeated step changes nothing. */
  conversation: string;
  /** The last 32 handled message ids as 6-character hashes, newest last. */
  handled: string;
  /** What the newest message was answered with, as effects: sent again when it comes again. */
  pending: Effect[];
  /** Whether a request was open when this was saved. */
  open?: true;
  /** Phone number, until the handoff. */
  phone?: string;
  share?: Share;
  /** What follows from a caseworker's words that are just being shown: whether they were seen nobody knows. */
  begun?: Begun;
  /** Rate bucket: tokens left, when they were counted, when the person was last told to wait (ms). */
  bucket: [number, number, number];
};

export type Begun = Pick<Stored, 'session' | 'pending' | 'share'>;

/** Whom the desk would like to pass the request on to, until the person has answered. `id`: of the event that asked. */
export type Share = { id: string; organisation: string; name: string };

/** Values of one kind under blind keys: sealed, and gone after a while. */
export type Sealed<T> = {
  load(key: string): Promise<T | undefined>;
  save(key: string, value: T): Promise<void>;
  forget(key: string): Promise<void>;
};

export type Sessions = Sealed<Stored>;

/** `field` names the kind, so that a value of one kind opens as no other. */
export function makeSealed<T>(forget: Forget, seal: Seal, field: string, ttlMs: number): Sealed<T> {
  const place = (row: string) => ({ table: 'forget', row, field });
  return {
    async load(key) {
      const sealed = await forget.get(key);
      return sealed === undefined ? undefined : (JSON.parse(seal.open(sealed, place(key))) as T);
    },
    save: (key, value) => forget.set(key, seal.seal(JSON.stringify(value), place(key)), ttlMs),
    forget: (key) => forget.delete(key),
  };
}

export const makeSessions = (forget: Forget, seal: Seal, ttlMs: number): Sessions => makeSealed(forget, seal, 'session', ttlMs);

export const idLength = 6;
const remembered = 32;

/** Notes an id as the newest. */
export const noteHandled = (handled: string, id: string): string => (handled + id).slice(-remembered * idLength);

/** Whether an id was handled: the newest, an older one, or not. */
export function handledBefore(handled: string, id: string): 'newest' | 'older' | null {
  for (let at = handled.length - idLength; at >= 0; at -= idLength)
    if (handled.slice(at, at + idLength) === id) return at === handled.length - idLength ? 'newest' : 'older';
  return null;
}
