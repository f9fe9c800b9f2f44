// What a kill cannot undo, counted one after the other: rows committed, a session written or forgotten, a
// message or an event that left the process. For tests only: `CRASH_AT` kills the process right after the
// n-th, and a test may let any call to a store fail. In production nobody watches.

export type Watch = {
  /** Before a store is asked for anything. Throws where a broken disk would. */
  before(): void;
  /** After something that lasts. */
  after(): void;
};

const nobody: Watch = { before() {}, after() {} };
let present = nobody;

/** Whoever watches now. To be kept by what is opened, so that nothing of a killed process counts in the next one. */
export const watched = (): Watch => present;

/** From here on everything that is opened is watched; null: nothing is. */
export function watch(by: Watch | null): void {
  present = by ?? nobody;
}

/** Kills this process right after its n-th lasting step. No handler runs and nothing is flushed. */
export function killedAfter(n: number): Watch {
  let count = 0;
  return {
    before() {},
    after() {
      count += 1;
      if (count === n) process.kill(process.pid, 'SIGKILL');
    },
  };
}
