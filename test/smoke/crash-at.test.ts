// The real product, killed right after its n-th lasting step of an essential story (test/support/crash-story.ts):
// on embedded stores for every n, on Redis and PostgreSQL for every 23rd, and for every n with CRASH_STRIDE=1.
// There a killed process keeps its turn for ten seconds and its events for thirty, so those mostly wait.
import { describe, expect, it } from 'vitest';
import { traces } from '../support/canary.ts';
import { prepare, story, words } from '../support/crash-story.ts';
import { embedded, type Grounds, shared } from '../support/grounds.ts';
import { needs } from '../support/parts.ts';

type Way = { make(): Promise<Grounds>; lanes: number; stride: number };

/** The last n that came to a kill; each lane has a beginning and stores of its own, and ends where all is over. */
async function everyStep({ make, lanes, stride }: Way, afterwards: (work: () => Promise<void>) => void): Promise<number> {
  let last = 0;
  const lane = async (first: number) => {
    const grounds = await make();
    afterwards(grounds.remove);
    const prepared = await prepare(grounds);
    afterwards(prepared.remove);
    for (let n = first, killed = true; killed; n += lanes * stride) {
      const ground = await grounds.again();
      killed = await story(ground, prepared, n);
      await ground.remove();
      if (killed) last = Math.max(last, n);
    }
    expect(traces(words, grounds.files())).toEqual([]);
  };
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(1 + i * stride)));
  return last;
}

describe.concurrent('a product that is killed after its n-th lasting step has done everything once when it is asked again', () => {
  const hangLimit = { timeout: 3_600_000 };

  it('for every n, on embedded stores', hangLimit, async ({ onTestFinished }) => {
    // More than what only starting needs.
    expect(await everyStep({ make: embedded, lanes: 2, stride: 1 }, onTestFinished)).toBeGreaterThan(50);
  });

  it.skipIf([needs('redis'), needs('postgres')].includes(true))('on Redis and PostgreSQL', hangLimit, async ({ onTestFinished }) => {
    const stride = Number(process.env['CRASH_STRIDE'] ?? 23);
    expect(await everyStep({ make: shared, lanes: stride === 1 ? 4 : 2, stride }, onTestFinished)).toBeGreaterThan(30);
  });
});
