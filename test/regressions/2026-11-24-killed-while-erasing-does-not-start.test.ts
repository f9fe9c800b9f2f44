// Killed after the key of a request was destroyed and before its rows were, the product refused to start: "has
// no key for 1 of the requests". What an erasure leaves is no loss; the next start finishes it.
import { expect, it, onTestFinished } from 'vitest';
import { eraseById, finishErasures, keeper } from '../../src/desk/erase.ts';
import { findCase } from '../../src/store/cases.ts';
import { dataFolder } from '../support/product.ts';
import { arrives, configOf, deskOn, mustOpen } from '../support/stores.ts';

const now = () => Date.UTC(2026, 10, 24);

it('a request whose erasure was cut short keeps nobody from starting, and is erased then', async () => {
  const data = dataFolder();
  onTestFinished(data.remove);
  const before = await mustOpen(configOf(data.path));
  const desk = deskOn(before, now);
  await arrives(desk, 'c_8f31');
  await arrives(desk, 'c_9f32');
  const { erase } = before.seal;
  const killed = deskOn(
    { ...before, seal: { ...before.seal, erase: (...which) => erase(...which).then(() => Promise.reject(new Error('killed'))) } },
    now,
  );
  await expect(eraseById(killed, 'c_8f31', keeper('operator'), '')).rejects.toThrow('killed');
  await before.close();

  const after = await mustOpen(configOf(data.path));
  expect(await finishErasures(deskOn(after, now))).toBe(1);
  expect((await findCase(after.keep, 'c_8f31'))?.status).toBe('erased');
  expect((await findCase(after.keep, 'c_9f32'))?.status).toBe('new');
  await after.close();
});
