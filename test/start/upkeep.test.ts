// The hourly work on a machine whose clock is set: what would be erased by age stays until somebody had a day
// to put the clock right, and the operator is told.
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { makeLog } from '../../src/log.ts';
import { startUpkeep } from '../../src/start/upkeep.ts';
import { findCase } from '../../src/store/cases.ts';
import { dataFolder } from '../support/product.ts';
import { arrives, configOf, deskOn, mustOpen } from '../support/stores.ts';
import { shippedContent } from '../support/talk.ts';

const hour = 3_600_000;
const day = 24 * hour;
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

it.for([31, -31])('a clock set %i days apart erases nobody for a day, and is told to whoever watches', async (days) => {
  const folder = dataFolder();
  const stores = await mustOpen(configOf(folder.path));
  const desk = deskOn(stores, Date.now);
  await arrives(desk, 'c_8f31');
  const lines: string[] = [];
  const log = makeLog(
    (line) => lines.push(line),
    () => new Date(),
  );
  const upkeep = startUpkeep({ content: await shippedContent(), stores, desk, world: null, wake: () => {}, log, outside: null });
  onTestFinished(async () => {
    upkeep.stop();
    await stores.close();
    folder.remove();
  });
  const status = async () => (await findCase(stores.keep, 'c_8f31'))?.status;
  const heads = () => lines.filter((line) => line.includes('audit.head')).length;
  /** An hour strikes, and its work is done. */
  const strikes = async () => {
    const before = heads();
    vi.advanceTimersByTime(hour);
    await vi.waitFor(() => expect(heads()).toBe(before + 1), { timeout: 20_000 });
    // The last of the work comes after the head was told.
    await stores.settle();
  };
  await vi.waitFor(() => expect(heads()).toBe(1), { timeout: 20_000 });
  const held = () => upkeep.figures().find((one) => one.name === 'avr_clock_held')?.value;
  expect([await status(), held()]).toEqual(['new', 0]);

  vi.setSystemTime(Date.now() + days * day);
  await strikes();
  expect([await status(), held()]).toEqual(['new', 1]);
  expect(lines.filter((line) => line.includes('the clock was set'))).toHaveLength(1);
  for (let hours = 0; hours < 24; hours += 1) await strikes();
  // After a day a clock that still says so is believed.
  expect([await status(), held()]).toEqual([days > 0 ? 'erased' : 'new', 0]);
});
