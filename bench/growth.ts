// What one more open conversation costs: CPU per update and heap with 1, 1,000, 20,000 and 200,000 people who
// have begun and not gone on, and the bytes each of them takes in the store.
import { type Load, type Store, start } from './candidates.ts';
import { atRest, cpuOf, heapOf } from './measure.ts';

export type Point = { open: number; cpu: number; heap: number; bytesEach: number; wrong: string[] };

/** Adds people step by step to one process, and after each step measures it on `sample` whole conversations. */
export async function growth(
  sizes: number[],
  sample: number,
  load: Load,
  store: Store,
  redis: { url: string; used(): Promise<number> },
): Promise<Point[]> {
  load.forget();
  const on = await start('avr-bot', load.root, store === 'redis' ? redis.url : null);
  const points: Point[] = [];
  try {
    const bytes = async () => (store === 'redis' ? redis.used() : on.bytes());
    const walk = { do: 'walk' as const, how: 'typed' as const, concurrency: 50 };
    await atRest(on.pid);
    await load.give({ ...walk, first: 1, count: sample });
    const empty = await bytes();
    let open = 0;
    for (const size of sizes) {
      const more = await load.give({ ...walk, first: 10_000_000 + open, count: size - open, steps: 1 });
      open = size;
      const before = cpuOf(on.pid);
      const told = await load.give({ ...walk, first: 20_000_000 + open * 2, count: sample });
      points.push({
        open,
        cpu: (cpuOf(on.pid) - before) / told.updates,
        heap: await heapOf(on.pid, on.heapFile),
        bytesEach: ((await bytes()) - empty) / open,
        wrong: [...more.wrong, ...told.wrong],
      });
    }
  } finally {
    await on.end();
    on.remove();
  }
  return points;
}
