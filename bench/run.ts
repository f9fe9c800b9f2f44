// `npm run bench [-- --rounds 5 --people 300 --only compare]`: measures the product beside a bare bot and two
// peers, and refuses to print a figure when anything went wrong on the way.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLoad, startRedis } from './candidates.ts';
import { compare } from './compare.ts';
import { refusals, rowsOf } from './judge.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    people: { type: 'string', default: '200' },
    names: { type: 'string', default: 'floor,avr-bot,conversations,telegraf' },
    stores: { type: 'string', default: 'embedded,redis' },
    hows: { type: 'string', default: 'typed,taps' },
    out: { type: 'string', default: join(import.meta.dirname, 'results') },
  },
});
const list = <T extends string>(text: string) => text.split(',') as T[];
const plan = {
  rounds: Number(values.rounds),
  people: Number(values.people),
  warm: Math.max(20, Math.round(Number(values.people) / 4)),
  concurrency: 50,
  hows: list<'typed' | 'taps'>(values.hows),
  stores: list<'embedded' | 'redis'>(values.stores),
  names: list<'floor' | 'avr-bot' | 'conversations' | 'telegraf'>(values.names),
};
const say = (line: string) => process.stdout.write(`${line}\n`);
const load = await startLoad();
const redis = await startRedis();
const runs = await compare(plan, load, redis.url, say);
load.end();
await redis.end();
const found = refusals(runs, plan.names);
if (found.length > 0) {
  for (const line of found) say(`refused: ${line}`);
  process.exitCode = 1;
} else {
  const rows = rowsOf(runs);
  for (const row of rows)
    say(
      `${row.how} ${row.name} ${row.store}: ${row.cpu.median.toFixed(0)} µs (${row.ratio.median.toFixed(2)} × floor [${row.ratio.min.toFixed(2)}–${row.ratio.max.toFixed(2)}]), ${row.perSecond.toFixed(0)}/s, p50 ${row.p50.toFixed(1)} ms, p99 ${row.p99.toFixed(1)} ms (${row.p99Ratio.median.toFixed(2)} ×), heap ${row.heapMB.toFixed(1)} MB, start ${row.startMs.toFixed(0)} ms`,
    );
  writeFileSync(`${values.out}.json`, `${JSON.stringify({ plan, rows, runs }, null, 2)}\n`);
}
