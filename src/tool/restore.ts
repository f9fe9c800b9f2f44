// `npm run restore -- FILE [--keys FILE]`: puts a copy made by `backup` in the place of the data, with the
// service stopped. `--reconcile` instead of FILE: erases from the present data what the keys no longer open.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { orRefuse, refuse } from '../start/refuse.ts';
import { type Asked, reconcile, restore } from '../start/restore.ts';
import { openStores } from '../start/stores.ts';

const usage = 'FILE [--keys FILE] [--give-up], or --reconcile: the copy of the data, and of the keys where these are lost';

export function askedFor(args: string[]): Asked | 'reconcile' | { findings: string[] } {
  try {
    const options = { keys: { type: 'string' }, reconcile: { type: 'boolean' }, 'give-up': { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    const [file, ...more] = positionals;
    if (values.reconcile === true && file === undefined && values.keys === undefined) return 'reconcile';
    if (file !== undefined && more.length === 0 && values.reconcile === undefined)
      return { file, keys: values.keys, giveUp: values['give-up'] === true };
  } catch {
    // Said below.
  }
  return { findings: [usage] };
}

if (import.meta.main) {
  const config = readConfig(process.env);
  if ('findings' in config) refuse(config.findings);
  const asked = askedFor(process.argv.slice(2));
  if (asked === 'reconcile') {
    const stores = orRefuse(await openStores(config, 'allow'));
    const erased = await reconcile(stores, Date.now);
    await stores.settle();
    await stores.close();
    process.stdout.write(`${erased} requests erased that the keys no longer open or the ledger names.\n`);
  } else {
    const { erased, rows, broken, aside } = orRefuse(await restore(config, orRefuse(asked), Date.now));
    process.stdout.write(`Restored: the log has ${rows} rows from the copy and goes on; ${erased} requests erased since were taken out.\n`);
    if (broken !== null) process.stdout.write(`Warning: row ${broken} of that log does not fit (npm run audit -- verify).\n`);
    if (aside !== null) process.stdout.write(`The former data lie in ${aside}: delete them once all is well.\n`);
  }
}
