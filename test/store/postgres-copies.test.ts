// Data and keys on PostgreSQL, copied with the server's own tools as docs/operating/backup.md says: who was
// erased since stays erased, and what does not belong together is refused.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eraseById, keeper } from '../../src/desk/erase.ts';
import { reconcile, restore } from '../../src/start/restore.ts';
import { openStores } from '../../src/start/stores.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { findContent } from '../../src/store/cases.ts';
import { backup } from '../../src/tool/backup.ts';
import { findPostgres } from '../../src/tool/parts.ts';
import { makePostgres, type Postgres } from '../support/postgres.ts';
import { dataFolder } from '../support/product.ts';
import { arrives, configOf, deskOn, keyOf, mustOpen } from '../support/stores.ts';

let server: Postgres;
beforeAll(async () => {
  server = await makePostgres(false);
  await server.start();
});
afterAll(() => server.end());

let count = 0;
async function setting(settings: Record<string, string> = {}) {
  count += 1;
  await server.sql(`create database c${count}`);
  const folder = dataFolder();
  onTestFinished(folder.remove);
  const url = server.url(`c${count}`);
  return { url, folder: folder.path, config: configOf(folder.path, { DATABASE_URL: url, ...settings }) };
}
const run = (program: string, ...words: string[]) =>
  execFileSync(join(findPostgres() ?? '', program), words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('a copy of the data', () => {
  it('put back with the newest keys brings nobody back who was erased since', async () => {
    const { url, folder, config } = await setting();
    const first = await mustOpen(config);
    const desk = deskOn(first, () => 1000);
    await arrives(desk, 'c_stays1');
    await arrives(desk, 'c_leaves1');
    run('pg_dump', url, '--exclude-schema=avr_keys', `--file=${folder}/data.sql`);
    await eraseById(desk, 'c_leaves1', keeper('operator'), 'operator');
    await first.close();

    run('psql', url, '-qc', 'drop schema public cascade; create schema public');
    run('psql', url, '-qf', `${folder}/data.sql`);
    const stores = await openStores(config, 'allow');
    if ('findings' in stores) throw new Error(stores.findings.join());
    onTestFinished(() => stores.close());
    expect(await reconcile(stores, () => 2000)).toBe(1);
    expect(await findContent(stores.keep, stores.seal, 'c_stays1')).not.toBeNull();
    expect(await findContent(stores.keep, stores.seal, 'c_leaves1')).toBeNull();
    expect(await verifyAudit(stores.keep, stores.auditKey)).toMatchObject({ ok: true });
  });

  it('without its keys is refused, and so is another SEAL_KEY, before anything is written', async () => {
    const { url, config, folder } = await setting();
    const first = await mustOpen(config);
    await arrives(
      deskOn(first, () => 1000),
      'c_alone1',
    );
    await first.close();
    const other = configOf(folder, { DATABASE_URL: url, SEAL_KEY: keyOf(2) });
    expect(await openStores(other)).toEqual({ findings: [expect.stringMatching(/another SEAL_KEY/)] });
    run('psql', url, '-qc', 'drop schema avr_keys cascade');
    expect(await openStores(config)).toEqual({ findings: [expect.stringMatching(/no key for 1 of the requests/)] });
  });

  it('is not made by the tools for files, which say so', async () => {
    const { config } = await setting();
    const stores = await mustOpen(config);
    onTestFinished(() => stores.close());
    const says = { findings: [expect.stringMatching(/in PostgreSQL.*backup\.md/)] };
    expect(backup(config, stores.seal, ['copy'])).toEqual(says);
    expect(await restore(config, { file: 'copy', giveUp: false }, () => 1000)).toEqual(says);
  });
});
