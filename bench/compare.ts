// One round after the other, everybody in each: the floor, the product and the peers, the same conversation
// from the same load generator. Nothing is compared across rounds.
import { type Load, type Name, type Running, type Store, start } from './candidates.ts';
import type { Run } from './judge.ts';
import { atRest, cpuOf, heapOf, percentile, residentOf } from './measure.ts';
import type { How } from './script.ts';

export type Plan = { rounds: number; people: number; warm: number; concurrency: number; hows: How[]; stores: Store[]; names: Name[] };

export async function compare(plan: Plan, load: Load, redis: string, say: (line: string) => void): Promise<Run[]> {
  const runs: Run[] = [];
  let first = 1_000_000;
  for (let round = 0; round < plan.rounds; round += 1)
    for (const how of plan.hows)
      for (const [name, store] of pairs(plan)) {
        load.forget();
        const on = await start(name, load.root, store === 'redis' ? redis : null);
        try {
          const run = await one(plan, load, on, { name, store, how, round }, first);
          runs.push(run);
          say(
            `round ${round + 1} ${how} ${name} on ${store}: ${run.cpu.toFixed(0)} µs, ${run.perSecond.toFixed(0)}/s, p99 ${run.p99.toFixed(1)} ms`,
          );
        } finally {
          await on.end();
          on.remove();
        }
        first += 1_000_000;
      }
  return runs;
}

/** The floor keeps nothing, so it has no store to vary. */
const pairs = ({ names, stores }: Plan): [Name, Store][] =>
  names.flatMap((name): [Name, Store][] => (name === 'floor' ? [[name, 'embedded']] : stores.map((store) => [name, store])));

async function one(plan: Plan, load: Load, on: Running, what: Pick<Run, 'name' | 'store' | 'how' | 'round'>, first: number): Promise<Run> {
  const order = { do: what.name === 'floor' ? ('chatter' as const) : ('walk' as const), concurrency: plan.concurrency, how: what.how };
  await atRest(on.pid);
  await load.give({ ...order, first, count: plan.warm });
  const before = cpuOf(on.pid);
  const { latencies, ...told } = await load.give({ ...order, first: first + plan.warm, count: plan.people });
  const cpu = (cpuOf(on.pid) - before) / told.updates;
  return {
    ...what,
    people: plan.people,
    told,
    cpu,
    perSecond: told.updates / told.seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    resident: residentOf(on.pid),
    heap: await heapOf(on.pid, on.heapFile),
    startMs: on.startMs,
  };
}
