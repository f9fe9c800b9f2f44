// Several processes on one database each sent every notice: the same mail came as often as there were processes.
import { expect, it } from 'vitest';
import { takeTurn } from '../../src/store/notices.ts';
import { emptyKeep } from '../support/keeps.ts';

it('of many processes exactly one sends the notices of a minute', async () => {
  const keep = await emptyKeep();
  const minute = 29_350_000;
  const turns = async (at: number) => (await Promise.all(Array.from({ length: 5 }, () => takeTurn(keep, at)))).filter(Boolean).length;
  expect(await turns(minute)).toBe(1);
  expect(await turns(minute)).toBe(0);
  expect(await turns(minute + 1)).toBe(1);
  await keep.destroy();
});
