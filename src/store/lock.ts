// One person strictly in order, people in parallel: a chain of promises per person within a process,
// and where several share the stores, a lease on top of it. A lease does not order; the channel does.
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreDown } from './forget.ts';

/** Takes a person's turn for a while; null when another process has it. */
export type Lease = {
  take(key: string): Promise<string | null>;
  /** Whether the turn is still ours: a process that was held up may have outlived it. */
  holds(key: string, token: string): Promise<boolean>;
  release(key: string, token: string): Promise<void>;
};

/** `still` rejects when the turn was lost meanwhile: call it before saving. */
export type Lock = <T>(key: string, work: (still: () => Promise<void>) => Promise<T>) => Promise<T>;

const patienceMs = 2_000;
const againMs = 40;

export function makeLock(lease?: Lease): Lock {
  const tails = new Map<string, Promise<unknown>>();
  const alone = async () => {};
  const shared = async <T>(key: string, work: (still: () => Promise<void>) => Promise<T>): Promise<T> => {
    if (lease === undefined) return work(alone);
    const token = await taken(lease, key);
    try {
      return await work(async () => {
        if (!(await lease.holds(key, token))) throw new StoreDown('the turn was lost');
      });
    } finally {
      // A release that fails is a lease that runs out by itself.
      await lease.release(key, token).catch(() => {});
    }
  };
  return (key, work) => {
    const before = tails.get(key) ?? Promise.resolve();
    const run = () => shared(key, work);
    const mine = before.then(run, run);
    const tail = mine
      .catch(() => undefined)
      .finally(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
    tails.set(key, tail);
    return mine;
  };
}

async function taken(lease: Lease, key: string): Promise<string> {
  for (let waited = 0; ; waited += againMs) {
    const token = await lease.take(key);
    if (token !== null) return token;
    if (waited >= patienceMs) throw new StoreDown('the turn is taken');
    await sleep(againMs);
  }
}
