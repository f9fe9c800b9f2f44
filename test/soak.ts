// `npm run soak`: 20,000 updates of fifty people at once while the product is killed at random. Takes some
// minutes; prints what was counted, and exits with 1 when a talk, a case or an answer is missing or wrong.
import { soak } from './support/soak.ts';

const [mode = 'polling', updates = '20000', seed = '1'] = process.argv.slice(2);
if (mode !== 'polling' && mode !== 'webhook') throw new Error('polling or webhook, number of updates, seed');
const { told, refs, answers, violations, ...counted } = await soak({
  ...{ mode, updates: Number(updates), seed: Number(seed) },
  ...{ concurrency: Math.min(50, Number(updates)), between: [1_000, 4_000] },
});
const sound = violations.length === 0 && answers.length === 1 && new Set(refs).size === counted.people && refs.join() === told.join();
process.stdout.write(`${JSON.stringify({ mode, seed, ...counted, cases: refs.length, sound })}\n`);
if (!sound) process.stdout.write(`${JSON.stringify({ violations, answers: answers.length })}\n`);
process.exit(sound ? 0 : 1);
