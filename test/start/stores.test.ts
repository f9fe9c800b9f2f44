// What an operator can do wrong with the files, and what disks do by themselves: each is told in words
// that help, before anything is written.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Migrator } from 'kysely/migration';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openCase } from '../../src/case/case.ts';
import { finishErasures } from '../../src/desk/erase.ts';
import { openForgetful, openStores, pathsOf } from '../../src/start/stores.ts';
import { findCase, findContent } from '../../src/store/cases.ts';
import { meaning } from '../../src/store/inspect.ts';
import { ownKey } from '../../src/store/keep.ts';
import * as first from '../../src/store/migrations/1-first.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { sqliteDb } from '../../src/store/sqlite.ts';
import type { Tables } from '../../src/store/tables.ts';
import { opened } from '../support/desk.ts';
import { dataFolder } from '../support/product.ts';
import { arrives, configOf, deskOn, keyOf, mustOpen } from '../support/stores.ts';

const now = () => Date.parse('2026-11-22T01:20:00Z');
let folder: string;
beforeEach(() => {
  const made = dataFolder();
  onTestFinished(made.remove);
  folder = made.path;
});
const config = (settings: Record<string, string> = {}) => configOf(folder, settings);
const paths = () => pathsOf(config());

/** One day of work: a request is here. */
async function worked(settings: Record<string, string> = {}, id = 'c_8f31') {
  const stores = await mustOpen(config(settings));
  await arrives(deskOn(stores, now), id);
  await stores.settle();
  await stores.close();
}
const findings = async (settings: Record<string, string> = {}) => {
  const stores = await openStores(config(settings));
  if ('findings' in stores) return stores.findings.join('\n');
  await stores.close();
  return 'opened';
};
const all = () => [paths().keep, paths().keys].map((path) => readFileSync(path, 'latin1')).join();

describe('the stores refuse, and write nothing', () => {
  it('another SEAL_KEY', async () => {
    await worked();
    const before = all();
    expect(await findings({ SEAL_KEY: keyOf(2) })).toMatch(
      /keep\.sqlite was sealed with another SEAL_KEY \(key [0-9a-f]{8}; .*nothing was written/,
    );
    expect(all()).toBe(before);
    expect(await findings()).toBe('opened');
  });

  it('a generated key that has gone, instead of making another', async () => {
    await worked({ SEAL_KEY: '' });
    rmSync(join(folder, 'seal.key'));
    expect(await findings({ SEAL_KEY: '' })).toMatch(/no seal\.key any more/);
    expect(existsSync(join(folder, 'seal.key'))).toBe(false);
  });

  it('a damaged page, and names the command that helps', async () => {
    const stores = await mustOpen(config());
    const desk = deskOn(stores, now);
    for (let i = 0; i < 40; i += 1) await arrives(desk, `c_8f31${i}`);
    await stores.settle();
    await stores.close();
    const bytes = readFileSync(paths().keep);
    const at = bytes.indexOf('c_8f3120');
    bytes.fill(0xa5, at - (at % 4096), at - (at % 4096) + 4096);
    writeFileSync(paths().keep, bytes);
    expect(await findings()).toMatch(/keep\.sqlite is damaged.*npm run restore -- FILE/);
  });

  it('a file that is none of ours', async () => {
    writeFileSync(paths().keep, 'a letter, not a database '.repeat(400));
    expect(await findings()).toMatch(/keep\.sqlite is damaged or is no SQLite file/);
  });

  it('a file a newer version wrote, and names what is too new', async () => {
    await worked();
    const database = new DatabaseSync(paths().keep);
    database.prepare('INSERT INTO kysely_migration VALUES (?, ?)').run('99-later', 'then');
    database.close();
    expect(await findings()).toMatch(/newer version of avr-bot \(it has 99-later\)/);
  });

  it('data whose keys are missing, and keys whose data are missing', async () => {
    await worked();
    renameSync(paths().keys, join(folder, 'keys'));
    expect(await findings()).toMatch(/keys\.sqlite is missing, and without it no request can be opened/);
    expect(existsSync(paths().keys)).toBe(false);
    renameSync(join(folder, 'keys'), paths().keys);
    rmSync(paths().keep);
    expect(await findings()).toMatch(/keep\.sqlite is missing, but keys of requests are there.*npm run restore/);
    expect(existsSync(paths().keep)).toBe(false);
  });

  it('keys older than the data', async () => {
    await worked();
    copyFileSync(paths().keys, join(folder, 'older'));
    await worked({}, 'c_9f32');
    copyFileSync(join(folder, 'older'), paths().keys);
    expect(await findings()).toMatch(/no key for 1 of the requests/);
  });

  it('keys of another installation', async () => {
    await worked();
    const other = join(folder, 'other');
    const stores = await mustOpen(configOf(other));
    await arrives(deskOn(stores, now), 'c_8f31');
    await stores.settle();
    await stores.close();
    copyFileSync(join(other, 'keys.sqlite'), paths().keys);
    expect(await findings()).toMatch(/keys\.sqlite belongs to other data/);
  });

  it('a folder whose path is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await findings({ DATA_DIR: join(folder, 'file', 'data') })).toMatch(/DATA_DIR: .*part of its path is a file/);
  });

  it('a folder in the place of a file', async () => {
    mkdirSync(paths().keep);
    expect(await findings()).toMatch(/keep\.sqlite cannot be (opened|read)/);
  });

  it('a damaged store of chats under way, and says what is lost without it', async () => {
    writeFileSync(join(folder, 'forget.sqlite'), 'not a database '.repeat(400));
    const opened = await openForgetful(config(), () => {});
    expect(String('findings' in opened && opened.findings)).toMatch(/forget\.sqlite is damaged.*people begin again/);
  });
});

describe('what an engine says is told in words', () => {
  it.for([
    [8, /read-only/],
    [10, /disk reports an error/],
    [2058, /disk reports an error/],
    [11, /damaged/],
    [13, /disk is full/],
    [14, /cannot be opened/],
  ] as const)('number %i', ([errcode, words]) => {
    expect(meaning(Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode }))).toMatch(words);
  });
  it.for(['EACCES', 'EROFS', 'ENOSPC', 'ENOENT'])('%s', (code) => {
    expect(meaning(Object.assign(new Error('x'), { code }))).not.toBeNull();
  });
  it('and a fault of ours is not taken for one of the disk', () => {
    expect(meaning(new TypeError('x'))).toBeNull();
  });
});

describe('data of an older version', () => {
  it('are brought to the present form, and what was sealed before cases had keys is read and erased', async () => {
    // As the first version wrote it: one seal for everything, no keys of cases.
    const old = sqliteDb<Tables>(paths().keep);
    await new Migrator({ db: old, provider: { getMigrations: async () => ({ '1-first': first }) } }).migrateToLatest();
    const seal = makeSeal([Buffer.alloc(32, 1)]);
    const opening = openCase(opened('c_8f31').data as never, now());
    if (!opening.ok) throw new Error(opening.code);
    const text = JSON.stringify(opening.content);
    const sealed = seal.seal(text, { table: 'cases', row: 'c_8f31', field: 'sealed' });
    await ownKey(old, seal, 'audit');
    const times = { opened_at: now(), waiting_since: now(), closed_at: null, seq_in: 1, seq_out: 0 };
    const shown = { status: 'new', version: 1, level: 'urgent', reasons: '[]', channel: 'web', language: 'fr', country: 'by' };
    const row = { id: 'c_8f31', ref: '7K4-2PD', kind: 'return', ...shown, sealed, ...times, claimed_by: null, closed_reason: null };
    await old
      .insertInto('cases')
      .values(row as never)
      .execute();
    await old.destroy();

    const anew = await mustOpen(config());
    expect(JSON.stringify(await findContent(anew.keep, anew.seal, 'c_8f31'))).toBe(text);
    await anew.seal.erase('desk', 'c_8f31', now());
    expect(await finishErasures(deskOn(anew, now))).toBe(1);
    expect(await findCase(anew.keep, 'c_8f31')).toMatchObject({ status: 'erased' });
    expect(await findContent(anew.keep, anew.seal, 'c_8f31')).toBeNull();
    await anew.close();
  });
});
