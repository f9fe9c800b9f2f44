// How often each step of the chat was reached, as sums of a day and nothing else: no person, no link code,
// no private step. They lie with what is forgotten, for thirteen months, and are written once a minute.
import type { Forget } from './forget.ts';

const keptFor = 400 * 24 * 3_600_000;

type Sums = Record<string, number>;

export type StepCounts = {
  count(step: string): void;
  /** Adds what was counted since the last time. Only one process may do so under one name. */
  flush(): Promise<void>;
  /** The sums of a month, `2026-11`. */
  month(month: string): Promise<Sums>;
};

export function makeStepCounts(forget: Forget, now: () => number): StepCounts {
  let fresh = new Map<string, Sums>();
  let writing: Promise<void> = Promise.resolve();
  const today = () => new Date(now()).toISOString().slice(0, 10);
  const read = async (day: string): Promise<Sums> => JSON.parse((await forget.get(day)) ?? '{}');
  const add = (to: Sums, more: Sums) => {
    for (const [step, times] of Object.entries(more)) to[step] = (to[step] ?? 0) + times;
    return to;
  };
  const write = async () => {
    const taken = fresh;
    fresh = new Map();
    for (const [day, sums] of taken) {
      try {
        await forget.set(day, JSON.stringify(add(await read(day), sums)), keptFor);
      } catch (error) {
        // Nothing is lost: it is tried again with the next minute's.
        fresh.set(day, add(fresh.get(day) ?? {}, sums));
        throw error;
      }
    }
  };
  return {
    count(step) {
      const day = today();
      fresh.set(day, add(fresh.get(day) ?? {}, { [step]: 1 }));
    },
    flush() {
      writing = writing.catch(() => {}).then(write);
      return writing;
    },
    async month(month) {
      const sums: Sums = {};
      for (let day = 1; day <= 31; day += 1) {
        const name = `${month}-${String(day).padStart(2, '0')}`;
        add(add(sums, await read(name)), fresh.get(name) ?? {});
      }
      return sums;
    },
  };
}
