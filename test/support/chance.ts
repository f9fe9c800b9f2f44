// Chance that comes out the same for the same seed, so that whatever went wrong can be seen again.

export type Chance = ReturnType<typeof makeChance>;

export function makeChance(seed: number) {
  let state = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  /** From 0 to below 1. */
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    next,
    below: (n: number): number => Math.floor(next() * n),
    /** True so often. */
    is: (share: number): boolean => next() < share,
    of<T>(things: readonly T[]): T {
      const one = things[Math.floor(next() * things.length)];
      if (one === undefined) throw new Error('nothing to choose from');
      return one;
    },
  };
}
