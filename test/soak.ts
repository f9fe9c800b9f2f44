// `npm run soak`: 20,000 updates of fifty people at once while the product is killed at random. Takes some
// minutes; prints what was counted, and exits with 1 when a talk, a case or an answer is missing or wrong.
// A run of few updates is killed more often, so that it is killed at all.
import { type SoakMode, soak, soakModes } from './support/soak.ts';

const isMode = (name: string): name is SoakMode => soakModes.some((one) => one === name);
const [mode = 'polling', updates = '20000', seed = '1', people = '50'] = process.argv.slice(2);
if (!isMode(mode)) throw new Error(`${soakModes.join(', ')}; number of updates; seed; people at once`);
const { told, refs, answers, violations, broken, ...counted } = await soak({
  ...{ mode, updates: Number(updates), seed: Number(seed) },
  ...{ concurrency: Number(people), between: Number(updates) < 2_000 ? [300, 1_200] : [1_000, 4_000] },
});
const lost = told.filter((ref) => !refs.includes(ref)).length;
const doubled = refs.length - new Set(refs).size;
const sound =
  [violations, broken].every((some) => some.length === 0) &&
  answers.length === 1 &&
  new Set(refs).size === counted.people &&
  refs.join() === told.join();
process.stdout.write(`${JSON.stringify({ mode, seed, ...counted, cases: refs.length, lost, doubled, sound })}\n`);
if (!sound) process.stdout.write(`${JSON.stringify({ violations, broken, answers: answers.length })}\n`);
process.exit(sound ? 0 : 1);
