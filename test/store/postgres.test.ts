// A PostgreSQL in trouble: whoever uses it hears so in time and under one name, nothing half is left
// behind, and all goes on by itself afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Kysely } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eraseAtDesk } from '../../src/store/erase.ts';
import { StoreDown } from '../../src/store/forget.ts';
import { type Keep, openKeep } from '../../src/store/keep.ts';
import { KeyGone } from '../../src/store/keys.ts';
import { openRemoteKeys, rewriteKeys } from '../../src/store/keys-postgres.ts';
import { Unusable } from '../../src/store/migrate.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { transact } from '../../src/store/transact.ts';
import { freePort } from '../support/port.ts';
import { makePostgres, type Postgres } from '../support/postgres.ts';
import { until } from '../support/product.ts';

let server: Postgres;
beforeAll(async () => {
  server = await makePostgres(true);
  await server.start();
});
afterAll(() => server.end());

let count = 0;
async function database(): Promise<string> {
  count += 1;
  await server.sql(`create database t${count}`);
  return server.url(`t${count}`);
}
async function open(url?: string): Promise<Keep> {
  const keep = await openKeep(url ?? (await database()));
  onTestFinished(() => keep.destroy());
  return keep;
}
const note = (keep: Keep, id: string) => transact(keep, (tx) => tx.insertInto('handled').values({ id, at: 1 }).execute());
const noted = async (keep: Keep) => (await keep.selectFrom('handled').select('id').orderBy('id').execute()).map((row) => row.id);
const reason = async (url: string): Promise<string> => {
  const error: unknown = await openKeep(url).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Unusable);
  return String(error);
};

describe('a start', () => {
  it('is told why the database cannot be used, and never its password', async () => {
    const gone = `postgres://postgres:hunter2@127.0.0.1:${await freePort()}/x`;
    const told = [await reason(gone), await reason(server.url('absent').replace('postgres@', 'postgres:hunter2@'))];
    expect(told[0]).toMatch(/cannot be reached.*ECONNREFUSED/);
    expect(told[1]).toMatch(/no such database \(3D000\)/);
    expect(await reason(server.url('postgres').replace('postgres@', 'nobody@'))).toMatch(/does not let this user in \(28000\)/);
    expect(told.join()).not.toContain('hunter2');
  });

  it('leaves a database alone that holds tables of something else', async () => {
    const url = await database();
    await server.sql('create table messages (id int)', `t${count}`);
    expect(await reason(url)).toMatch(/tables of something else/);
    expect(await server.sql("select tablename from pg_tables where schemaname = 'public'", `t${count}`)).toEqual([
      { tablename: 'messages' },
    ]);
  });

  it('is told when its user may make no tables', async () => {
    const url = await database();
    await server.sql('create role reader login');
    expect(await reason(url.replace('postgres@', 'reader@'))).toMatch(/may not make tables/);
  });
});

describe('a server that is restarted in the midst of a change', () => {
  it('leaves nothing of it, keeps what was acknowledged, and is used again by itself', async () => {
    const keep = await open();
    await note(keep, 'before');
    const half = transact(keep, async (tx) => {
      await tx.insertInto('handled').values({ id: 'half', at: 1 }).execute();
      await server.signal('SIGINT');
      await tx.insertInto('handled').values({ id: 'other half', at: 1 }).execute();
    });
    await expect(half).rejects.toThrow(StoreDown);
    await expect(note(keep, 'away')).rejects.toThrow(StoreDown);
    await server.start();
    await note(keep, 'after');
    expect(await noted(keep)).toEqual(['after', 'before']);
  });

  it('as if the power had failed keeps what was acknowledged too', async () => {
    const keep = await open();
    const done: string[] = [];
    const writing = (async () => {
      for (let at = 0; ; at += 1) {
        await note(keep, `n${at}`);
        done.push(`n${at}`);
      }
    })().catch((error: unknown) => error);
    await until(async () => done.length > 20, 'twenty changes');
    await server.signal('SIGQUIT');
    expect(await writing).toBeInstanceOf(StoreDown);
    await server.start();
    const kept = new Set(await noted(keep));
    expect(done.filter((id) => !kept.has(id))).toEqual([]);
  });
});

describe('a server that hangs', () => {
  it('is an outage in time, and its connections are not used again', async () => {
    const keep = await open();
    await note(keep, 'before');
    await server.signal('SIGSTOP');
    const outcome = await note(keep, 'frozen').catch((error) => error);
    await server.signal('SIGCONT');
    expect(outcome).toBeInstanceOf(StoreDown);
    await until(async () => (await note(keep, 'after').catch(() => null)) !== null, 'it goes on');
    expect(await noted(keep)).toEqual(expect.arrayContaining(['after', 'before']));
  });

  it('because somebody holds what is needed is an outage too', async () => {
    const url = await database();
    const keep = await open(url);
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('begin; lock table handled');
    await expect(note(keep, 'waits')).rejects.toThrow(StoreDown);
    await holder.end();
    await note(keep, 'after');
    expect(await noted(keep)).toEqual(['after']);
  });
});

describe('the keys of the cases', () => {
  const place = { table: 'cases', row: 'c_1', field: 'sealed' };
  const keysAt = async (url: string) => {
    const keys = await openRemoteKeys(
      url,
      makeSeal([Buffer.alloc(32, 1)]),
      () => 1000,
      () => {},
    );
    onTestFinished(() => keys.close());
    return keys;
  };

  it('lie in a schema of their own, made once by several who start at the same moment, and open for each of them', async () => {
    const url = await database();
    const [one, two] = await Promise.all([keysAt(url), keysAt(url), keysAt(url)]);
    const seals = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : two).sealFor('desk', 'c_1')));
    const sealed = seals.map((seal) => seal.seal('words', place));
    const open = await two.openFor('desk', 'c_1');
    expect(sealed.map((text) => open(text, place))).toEqual(sealed.map(() => 'words'));
    expect(await Promise.all([one.pair('data'), two.pair('data')])).toEqual(['data', 'data']);
    const tables = await server.sql("select schemaname from pg_tables where tablename = 'case_keys'", `t${count}`);
    expect(tables).toEqual([{ schemaname: 'avr_keys' }]);
  });

  it('destroyed by one process open nothing for the others, and are in no file of the table after the hourly upkeep', async () => {
    const url = await database();
    const keep = await open(url);
    const [one, two] = [await keysAt(url), await keysAt(url)];
    const sealed = (await one.sealFor('desk', 'c_1')).seal('words', place);
    const [row] = await server.sql('select wrapped from avr_keys.case_keys', `t${count}`);
    await transact(keep, (tx) => eraseAtDesk(tx, one, 'c_1', 2000));
    expect((await two.openFor('desk', 'c_1'))(sealed, place)).toBeNull();
    await expect(two.sealFor('desk', 'c_1')).rejects.toThrow(KeyGone);
    await rewriteKeys(keep as Kysely<unknown>);
    await server.sql('checkpoint');
    const [file] = await server.sql("select pg_read_binary_file(pg_relation_filepath('avr_keys.case_keys')) as bytes", `t${count}`);
    expect(Buffer.from(file?.['bytes'] as Uint8Array).includes(String(row?.['wrapped']).slice(20, 60))).toBe(false);
  });

  it('are used within many changes at once without a wait for each other', async () => {
    const url = await database();
    const keep = await open(url);
    const keys = await keysAt(url);
    await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        transact(keep, async (tx) => {
          await keys.sealFor('desk', `c_${at}`);
          await tx
            .insertInto('handled')
            .values({ id: `with key ${at}`, at })
            .execute();
        }),
      ),
    );
    expect(await noted(keep)).toHaveLength(60);
  });
});

describe('a process', () => {
  const writer = (url: string, ending: string) => `
    import { openKeep } from './src/store/keep.ts';
    import { transact } from './src/store/transact.ts';
    const keep = await openKeep(${JSON.stringify(url)});
    await transact(keep, async (tx) => {
      await tx.insertInto('handled').values({ id: 'half', at: 1 }).execute();
      process.stdout.write('in');
      ${ending}
    });`;
  const inside = async (url: string, ending: string) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer(url, ending)], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    return child;
  };
  const forever = 'await new Promise(() => setInterval(() => {}, 1000));';

  it('killed in the midst of a change keeps nobody waiting', async () => {
    const url = await database();
    const keep = await open(url);
    const child = await inside(url, forever);
    const waiting = note(keep, 'after');
    child.kill('SIGKILL');
    await waiting;
    expect(await noted(keep)).toEqual(['after']);
  });

  it('frozen in the midst of a change is thrown out before the others give up', async () => {
    const url = await database();
    const keep = await open(url);
    const child = await inside(url, forever);
    child.kill('SIGSTOP');
    await note(keep, 'after');
    expect(await noted(keep)).toEqual(['after']);
  });

  it('uses a handful of connections, however many ask at once', async () => {
    const keep = await open();
    await Promise.all(Array.from({ length: 60 }, (_, at) => note(keep, String(at))));
    const [row] = await server.sql(`select count(*)::int as n from pg_stat_activity where datname = 't${count}'`);
    expect(Number(row?.['n'])).toBeLessThanOrEqual(10);
  });

  it('that finds the server full is told so', async () => {
    const url = await database();
    const keep = await open(url);
    await note(keep, 'before');
    await server.sql('create role guest login');
    await server.sql(`alter database t${count} connection limit 1`);
    expect(await reason(url.replace('postgres@', 'guest@'))).toMatch(/cannot be reached or used \(53300\)/);
    expect(await noted(keep)).toEqual(['before']);
  });

  it('does not round a number in silence', async () => {
    const keep = await open();
    await server.sql("insert into handled values ('large', 9007199254740993)", `t${count}`);
    await expect(keep.selectFrom('handled').selectAll().execute()).rejects.toThrow(/too large/);
  });
});
