// Small numbers cannot be got back: not from a total, not from every number shown, not by knowing the rule.
import { describe, expect, it } from 'vitest';
import { roughly, suppress } from '../../src/desk/suppress.ts';

const cells = (counts: readonly number[]) => counts.map((count, at) => ({ code: String(at), count }));
const shown = (counts: readonly number[]) => suppress(cells(counts)).map(({ count }) => count);

/** Every table of so many cells with this total. */
function tables(width: number, total: number): number[][] {
  if (width === 1) return [[total]];
  return Array.from({ length: total + 1 }, (_, first) => tables(width - 1, total - first).map((rest) => [first, ...rest])).flat();
}

describe('a cell under five', () => {
  it('is not shown, nor the smallest beside it, nor any other as small', () => {
    expect(shown([3, 20, 8, 8, 11])).toEqual([null, 20, null, null, 11]);
    expect(shown([0, 0, 12, 40])).toEqual([null, null, null, 40]);
    expect(shown([7, 5, 9])).toEqual([7, 5, 9]);
    expect(shown([1, 2, 3])).toEqual([null, null, null]);
  });

  it.for([2, 3, 4])('of %d cells leaves a choice to whoever knows the total and the rule', (width) => {
    for (let total = 1; total <= (width === 4 ? 24 : 40); total += 1) {
      const alike = new Map<string, number[][]>();
      for (const table of tables(width, total)) {
        const key = JSON.stringify(shown(table));
        alike.set(key, [...(alike.get(key) ?? []), table]);
      }
      for (const group of alike.values())
        for (let at = 0; at < width; at += 1) {
          const values = new Set(group.map((table) => table[at]));
          const small = group.some((table) => (table[at] ?? 0) < 5);
          expect(small && values.size === 1, `${width} cells, ${total} in all: ${JSON.stringify(group)}`).toBe(false);
        }
    }
  });
});

it('counts that follow from each other are rounded down, so that no difference is a person', () => {
  expect(roughly(cells([43, 42, 40, 9, 4, 0])).map(({ count }) => count)).toEqual([40, 40, 40, 5, null, null]);
});
