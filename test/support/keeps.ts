// An empty store for a test: SQLite in memory, and PostgreSQL where the project `postgres` runs the same
// test again. Whatever reads or writes SQL is tested on both without knowing it.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { type Keep, openKeep } from '../../src/store/keep.ts';
import { dataFolder } from './product.ts';

/** Also outside the tests people are put before the conversation: `npm run soak`. */
const server = () => (process.env['VITEST'] === undefined ? undefined : inject('postgres'));
let template: Promise<string> | undefined;

async function made(address: string, from?: string): Promise<string> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const admin = new Client({ connectionString: address });
  await admin.connect();
  await admin.query(`create database ${name}${from === undefined ? '' : ` template ${from} strategy file_copy`}`);
  await admin.end();
  return name;
}

const urlOf = (address: string, database: string) => address.replace(/[^/]*$/, database);

/** A database that already has our tables. */
async function migrated(address: string): Promise<string> {
  template ??= (async () => {
    const name = await made(address);
    await (await openKeep(urlOf(address, name))).destroy();
    return name;
  })();
  return urlOf(address, await made(address, await template));
}

/** Of one process; whoever opens it also ends it. */
export async function emptyKeep(): Promise<Keep> {
  const address = server();
  return openKeep(address === undefined ? ':memory:' : await migrated(address));
}

/** Where an empty store is, to be opened by several as if they were processes; without our tables yet. */
export async function emptyStore(): Promise<string> {
  const address = server();
  if (address !== undefined) return urlOf(address, await made(address));
  const folder = dataFolder();
  onTestFinished(folder.remove);
  return join(folder.path, 'keep.sqlite');
}
