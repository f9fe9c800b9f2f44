// Two hundred small worlds. A failing one prints its seed and everything that happened up to there; put the
// seed into kept.ts, with what it was, once it is mended.
import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulation.ts';
import { kept } from './kept.ts';

const seeds = 200;
const each = 25;

async function holds(seed: number): Promise<void> {
  const { broken, trace } = await simulate(seed);
  expect(broken, `seed ${seed}:\n${trace.join('\n')}`).toEqual([]);
}

describe('a world of people, caseworkers and a case system, whatever goes wrong', () => {
  const firsts = Array.from({ length: seeds / each }, (_, i) => i * each + 1);
  it.for(firsts)(`loses nothing, tells nobody twice without saying so: seeds from %i`, { timeout: 120_000 }, async (first) => {
    for (let seed = first; seed < first + each; seed += 1) await holds(seed);
  });
});

describe('what was once found', () => {
  it.for(kept)('stays mended: seed %i, %s', ([seed]) => holds(seed));
});
