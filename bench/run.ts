// `npm run bench`: the product beside a bare bot and two peers, with more and more open conversations, at
// the desk and towards other systems. Prints no figure of a part in which anything went wrong.
// `--only compare,growth,desk,handoff`, `--rounds 5`, `--people 400`, `--sizes 1,1000,20000`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Name, type Store, startLoad, startRedis } from './candidates.ts';
import { compare } from './compare.ts';
import { measureDesk } from './desk.ts';
import { growth } from './growth.ts';
import { benchHandoff } from './handoff.ts';
import { refusals, rowsOf } from './judge.ts';
import { publish, type Results } from './report.ts';
import type { How } from './script.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'compare,growth,desk,handoff' },
    rounds: { type: 'string', default: '5' },
    people: { type: 'string', default: '400' },
    names: { type: 'string', default: 'floor,avr-bot,conversations,telegraf' },
    stores: { type: 'string', default: 'embedded,redis' },
    hows: { type: 'string', default: 'typed' },
    sizes: { type: 'string', default: '1,1000,20000' },
  },
});
const list = <T extends string>(text: string) => text.split(',') as T[];
const numbers = (text: string) => text.split(',').map(Number);
const [rounds, people] = [Number(values.rounds), Number(values.people)];
const plan = {
  ...{ rounds, people, warm: Math.max(20, Math.round(people / 4)), concurrency: 50 },
  ...{ hows: list<How>(values.hows), stores: list<Store>(values.stores), names: list<Name>(values.names) },
};
const file = join(import.meta.dirname, 'results.json');
const say = (line: string) => process.stdout.write(`${line}\n`);
const refuse = (lines: string[]) => {
  for (const line of lines) say(`refused: ${line}`);
  process.exitCode = 1;
};

// Parts that are measured on another day stay as they were.
const before: Partial<Results> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const results: Results = { rows: [], growth: [], desk: [], handoff: [], rounds, people, ...before, at: new Date().toISOString() };

const parts: Record<string, () => Promise<void>> = {
  async compare() {
    if (!existsSync(join(import.meta.dirname, 'node_modules'))) return refuse(['the peers are not installed: npm ci --prefix bench']);
    const load = await startLoad();
    const redis = await startRedis();
    const runs = await compare(plan, load, redis.url, say).finally(redis.end);
    load.end();
    const found = refusals(runs, plan.names);
    if (found.length > 0) refuse(found);
    else Object.assign(results, { rows: rowsOf(runs), rounds, people });
  },
  async growth() {
    const load = await startLoad();
    const redis = await startRedis();
    const curves = [];
    for (const store of plan.stores) curves.push({ store, points: await growth(numbers(values.sizes), 200, load, store, redis) });
    load.end();
    await redis.end();
    const wrong = curves.flatMap(({ store, points }) =>
      points.flatMap((one) => one.wrong.map((what) => `${store}, ${one.open} open: ${what}`)),
    );
    if (wrong.length > 0) refuse([...new Set(wrong)]);
    else results.growth = curves;
  },
  async desk() {
    results.desk = await measureDesk();
  },
  async handoff() {
    results.handoff = await benchHandoff();
  },
};

for (const name of list(values.only)) {
  const part = parts[name];
  if (part === undefined) refuse([`${name} is no part of the bench`]);
  else await part().catch((error: Error) => refuse([`${name}: ${error.message}`]));
}
if (process.exitCode === undefined) {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  publish(results);
  say('docs/performance.md is written');
}
process.exit();
