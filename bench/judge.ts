// What may be said of a run: nothing, when any conversation failed, a reply was wrong, a case is missing or
// doubled, somebody did not finish, or there were too few rounds. Ratios pair runs of one round.
import type { Name, Store } from './candidates.ts';
import { median } from './measure.ts';
import type { How } from './script.ts';
import type { Told } from './telegram.ts';

export type Run = {
  name: Name;
  store: Store;
  how: How;
  round: number;
  people: number;
  told: Omit<Told, 'latencies'>;
  /** Microseconds of CPU per update. */
  cpu: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Bytes. */
  heap: number;
  resident: number;
  startMs: number;
};

export const leastRounds = 5;

/** Everything that keeps a comparison from being told. */
export function refusals(runs: Run[], names: Name[]): string[] {
  const found: string[] = [];
  for (const run of runs) {
    const where = `${run.name} on ${run.store}, round ${run.round + 1}`;
    const { told, people } = run;
    for (const what of new Set(told.wrong)) found.push(`${where}: ${what}`);
    if (told.finished !== people) found.push(`${where}: ${people - told.finished} conversations did not finish`);
    if (run.name !== 'floor' && told.cases !== people) found.push(`${where}: ${told.cases} cases for ${people} people`);
    if (told.doubled > 0) found.push(`${where}: ${told.doubled} cases came twice`);
  }
  for (const name of names) {
    const rounds = new Set(runs.filter((run) => run.name === name).map((run) => run.round)).size;
    if (rounds < leastRounds) found.push(`${name}: ${rounds} rounds, and ${leastRounds} are the least`);
  }
  return found;
}

export type Row = {
  name: Name;
  store: Store;
  how: How;
  cpu: Spread;
  perSecond: number;
  p50: number;
  p99: number;
  heapMB: number;
  startMs: number;
  /** To the floor of the same round. */
  ratio: Spread;
  p99Ratio: Spread;
};
export type Spread = { median: number; min: number; max: number };

const spread = (values: number[]): Spread => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });

export function rowsOf(runs: Run[]): Row[] {
  const groups = Map.groupBy(runs, (run) => `${run.name} ${run.store} ${run.how}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const floorOf = (run: Run) => runs.find((one) => one.name === 'floor' && one.round === run.round && one.how === run.how);
    const against = (value: (run: Run) => number) => spread(group.map((run) => value(run) / value(floorOf(run) ?? run)));
    const middle = (value: (run: Run) => number) => median(group.map(value));
    return [
      {
        name: first.name,
        store: first.store,
        how: first.how,
        cpu: spread(group.map((run) => run.cpu)),
        perSecond: middle((run) => run.perSecond),
        p50: middle((run) => run.p50),
        p99: middle((run) => run.p99),
        heapMB: middle((run) => run.heap) / 1_048_576,
        startMs: middle((run) => run.startMs),
        ratio: against((run) => run.cpu),
        p99Ratio: against((run) => run.p99),
      },
    ];
  });
}
