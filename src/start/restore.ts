// Puts a copy of the data in the place of the present data, never bringing back who was erased: the
// newest keys stay where they are, and what they cannot open or the ledger names goes from the copy
// before anybody can see it.
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import type { Config } from '../config.ts';
import { eraseOwnCase, finishErasures as finishAtBot } from '../conversation/erase.ts';
import { eraseById, finishErasures as finishAtDesk, keeper } from '../desk/erase.ts';
import { appendAudit, headOf, verifyAudit } from '../store/audit.ts';
import { unopenable } from '../store/erase.ts';
import { inspect, meaning } from '../store/inspect.ts';
import { migrationNames } from '../store/keep.ts';
import { takeFolder } from '../store/one-process.ts';
import type { Seal } from '../store/seal.ts';
import { transact } from '../store/transact.ts';
import { findingsOf, inDatabase, newId, openKeysFile, openSeal, openStores, type Paths, pathsOf, type Stores } from './stores.ts';

export type Restored = { erased: number; rows: number; broken: number | null; aside: string | null };

/** Erases from the data what the keys no longer open, and whoever the ledger names. How many requests. */
export async function reconcile({ keep, seal, auditKey }: Stores, now: () => number): Promise<number> {
  const desk = { keep, seal, auditKey, now: () => new Date(now()), newId };
  const world = { keep, seal, now, sessions: null };
  let erased = await finishAtDesk(desk, 'restored');
  for (const { side, caseId } of await unopenable(keep, seal)) {
    if (side === 'desk' && (await eraseById(desk, caseId, keeper('restore'), 'restored'))) erased += 1;
    const address = await keep.selectFrom('addresses').select('person').where('case_id', '=', caseId).executeTakeFirst();
    if (side === 'bot' && address !== undefined) await transact(keep, (tx) => eraseOwnCase(world, tx, caseId, address.person));
  }
  await finishAtBot(world);
  return erased;
}

/** `keys`: the newest copy of the keys, where the disk with the keys themselves is lost. `giveUp`: requests younger than the keys may go. */
export type Asked = { file: string; keys?: string | undefined; giveUp: boolean };

export async function restore(config: Config, asked: Asked, now: () => number): Promise<Restored | { findings: string[] }> {
  const { file } = asked;
  if (config.DATABASE_URL !== undefined) return { findings: [inDatabase] };
  const paths = pathsOf(config);
  if (!existsSync(file)) return { findings: [`${file}: there is no such file`] };
  const opened = openSeal(config, 'never make one');
  if ('findings' in opened) return opened;
  const folder = takeFolder(config.DATA_DIR);
  if (folder === null) return { findings: [`DATA_DIR: the service runs on ${config.DATA_DIR}; stop it first`] };
  try {
    const wrong = inspect(file, opened.seal, migrationNames);
    if (wrong !== null) return { findings: [`${file} ${wrong}`] };
    const keys = await keysWrong(paths, opened.seal, asked.keys);
    if (keys !== null) return { findings: [keys] };
    const fresh: Paths = { keep: `${paths.keep}.new`, keys: asked.keys === undefined ? paths.keys : `${paths.keys}.new` };
    const result = await prepare(config, fresh, opened.seal, asked, now);
    if ('findings' in result) {
      for (const path of [`${paths.keep}.new`, `${paths.keys}.new`]) clear(path);
      return result;
    }
    return { ...result, aside: swap(paths, fresh) };
  } catch (error) {
    const means = meaning(error);
    if (means === null) throw error;
    return { findings: [`DATA_DIR: a file in ${config.DATA_DIR} ${means}`] };
  } finally {
    folder.release();
  }
}

async function keysWrong(paths: Paths, seal: Seal, keysFile: string | undefined): Promise<string | null> {
  // Empty ones are those of a service that was started before it had its data back.
  if (existsSync(paths.keys) && !(await hollow(paths.keys, seal))) {
    const wrong = inspect(paths.keys, seal);
    if (wrong !== null) return `${paths.keys} ${wrong}; move it away and name its newest copy with --keys FILE`;
    return keysFile === undefined ? null : `--keys: ${paths.keys} is there and newer than any copy; leave --keys out`;
  }
  if (keysFile === undefined || !existsSync(keysFile))
    return `${paths.keys} is missing or empty: name the newest copy of the keys with --keys FILE`;
  const wrong = inspect(keysFile, seal);
  return wrong === null ? null : `${keysFile} ${wrong}`;
}

async function hollow(path: string, seal: Seal): Promise<boolean> {
  if (inspect(path, seal) !== null) return false;
  const keys = await openKeysFile(path, seal);
  const empty = await keys.empty();
  await keys.close();
  return empty;
}

/** The copy is put right under another name, before anybody can see it. */
async function prepare(
  config: Config,
  fresh: Paths,
  seal: Seal,
  { file, keys, giveUp }: Asked,
  now: () => number,
): Promise<Omit<Restored, 'aside'> | { findings: string[] }> {
  clear(fresh.keep);
  copyFileSync(file, fresh.keep);
  if (keys !== undefined) {
    clear(fresh.keys);
    copyFileSync(keys, fresh.keys);
  }
  const unfit = await findingsOf(fresh, seal);
  const stores = unfit === null ? await openStores(config, 'allow', fresh) : { findings: [unfit] };
  if ('findings' in stores) return stores;
  try {
    const younger = giveUp ? 0 : await youngerThanKeys(stores);
    if (younger > 0)
      return {
        findings: [`the keys are older than ${file}: they have none for ${younger} of its requests. Find newer keys, or add --give-up`],
      };
    const chain = await verifyAudit(stores.keep, stores.auditKey);
    const { seq } = await headOf(stores.keep);
    const mark = { actor: 'restore', action: 'data.restored', subject: '', detail: String(seq) };
    await transact(stores.keep, (tx) => appendAudit(tx, stores.auditKey, mark, now()));
    const erased = await reconcile(stores, now);
    await stores.settle();
    return { erased, rows: seq, broken: chain.ok ? null : chain.seq };
  } finally {
    await stores.close();
  }
}

/** Each file takes its place in one step; killed between two, the same command goes on. Where the former data went. */
function swap(paths: Paths, fresh: Paths): string | null {
  if (fresh.keys !== paths.keys) {
    clear(paths.keys);
    renameSync(fresh.keys, paths.keys);
  }
  const aside = existsSync(paths.keep) ? `${paths.keep}.before` : null;
  if (aside !== null) {
    clear(aside);
    // A log left beside the new file would be taken for its own.
    for (const end of ['-wal', '']) if (existsSync(paths.keep + end)) renameSync(paths.keep + end, aside + end);
  }
  clear(paths.keep);
  renameSync(fresh.keep, paths.keep);
  clear(fresh.keep);
  return aside;
}

/** Requests the keys cannot know because they came after them; older ones without a key were ended since. */
async function youngerThanKeys({ keep, seal }: Stores): Promise<number> {
  const since = await seal.lastAt();
  const lacking = new Set((await unopenable(keep, seal)).map((one) => one.caseId));
  const rows = await keep.selectFrom('cases').select('id').where('opened_at', '>', since).execute();
  return rows.filter((row) => lacking.has(row.id)).length;
}

function clear(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}
