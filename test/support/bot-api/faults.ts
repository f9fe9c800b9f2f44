// Faults a test plants: by method and chat, each for a number of calls, each counted when it strikes.
import { fail, type Reply, tooMany } from './reply.ts';
import type { Method } from './schemas.ts';

export type Fault =
  | { answer: 429; retryAfter: number }
  /** Any other refusal; `description` defaults to the usual one of that number. */
  | { answer: number; description?: string }
  /** The socket is cut before the call has any effect, or after it has. */
  | { drop: 'before' | 'after' }
  /** The call has its effect at once; the answer comes when this promise does. */
  | { slow: Promise<unknown> }
  /** A proxy's page instead of JSON. */
  | { page: number };

export type Planted = { readonly hits: number };
type Entry = { method: Method; fault: Fault; chat: number | undefined; left: number; hits: number };

const usual: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  409: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

export function makeFaults() {
  const entries: Entry[] = [];
  return {
    plant(method: Method, fault: Fault, { chat, times = 1 }: { chat?: number; times?: number } = {}): Planted {
      const entry: Entry = { method, fault, chat, left: times, hits: 0 };
      entries.push(entry);
      return entry;
    },
    /** The fault that strikes this call, if any; it is used up by one. */
    strike(method: Method, chat: number | undefined): Fault | undefined {
      const entry = entries.find((one) => one.method === method && one.left > 0 && (one.chat === undefined || one.chat === chat));
      if (!entry) return undefined;
      entry.left -= 1;
      entry.hits += 1;
      return entry.fault;
    },
    clear: () => entries.splice(0),
  };
}

/** The answer a fault gives by itself; nothing if the call goes on. */
export function answerOf(fault: Fault | undefined): Reply | undefined {
  if (!fault || !('answer' in fault)) return undefined;
  if ('retryAfter' in fault) return tooMany(fault.retryAfter);
  const { answer } = fault;
  return fail(answer, ('description' in fault ? fault.description : undefined) ?? usual[answer] ?? 'Internal Server Error');
}
