// Small numbers point at people. A cell under five is never shown, and neither is what would give it
// away: whoever knows the whole, every cell shown and this rule must still be left with a choice.

export type Cell = { code: string; count: number };
/** Null: not shown. */
export type Shown = { code: string; count: number | null };

export const fewest = 5;

/**
 * With any cell under five goes the smallest of the others, and every one that is as large: the hidden
 * cells can then be swapped without anything changing that is shown. A total may stand beside them.
 */
export function suppress(cells: readonly Cell[]): Shown[] {
  const large = cells.filter(({ count }) => count >= fewest);
  const beside = large.length === cells.length ? null : Math.min(...large.map(({ count }) => count));
  return cells.map(({ code, count }) => ({ code, count: count < fewest || count === beside ? null : count }));
}

/** For counts that follow from each other, where every difference would be a small number: down to a multiple of five. */
export function roughly(cells: readonly Cell[]): Shown[] {
  return cells.map(({ code, count }) => ({ code, count: count < fewest ? null : Math.floor(count / fewest) * fewest }));
}
