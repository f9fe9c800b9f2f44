// A first start that was killed, or found the disk full, before its tables were made left an empty file; and
// every start after it ended with "no such table" instead of making them.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { pathsOf } from '../../src/start/stores.ts';
import { dataFolder } from '../support/product.ts';
import { configOf, mustOpen } from '../support/stores.ts';

it('a first start that was cut short is made good by the next', async () => {
  const folder = dataFolder();
  onTestFinished(folder.remove);
  const config = configOf(folder.path);
  const { keep, keys } = pathsOf(config);
  writeFileSync(keep, '');
  await (await mustOpen(config)).close();
  // The tables of the data were made, those of the keys not yet.
  for (const end of ['', '-wal', '-shm']) rmSync(`${keys}${end}`, { force: true });
  for (const end of ['', '-wal', '-shm']) rmSync(`${keep}${end}`, { force: true });
  writeFileSync(keys, '');
  const stores = await mustOpen(config);
  expect([keep, keys].every((path) => existsSync(path))).toBe(true);
  await stores.close();
});
