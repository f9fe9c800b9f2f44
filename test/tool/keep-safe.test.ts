// What an operator does to the data from the terminal: erase, copy, put back, and prove the log.
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replyTo } from '../../src/desk/act.ts';
import { keeper } from '../../src/desk/erase.ts';
import { restore } from '../../src/start/restore.ts';
import { openSeal, pathsOf, type Stores } from '../../src/start/stores.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { findCase, findContent } from '../../src/store/cases.ts';
import { audit } from '../../src/tool/audit.ts';
import { backup } from '../../src/tool/backup.ts';
import { erase } from '../../src/tool/erase.ts';
import { askedFor } from '../../src/tool/restore.ts';
import { dataFolder } from '../support/product.ts';
import { queuedEvents } from '../support/seals.ts';
import { arrives, configOf, deskOn, keyOf, mustOpen } from '../support/stores.ts';

const now = () => Date.parse('2026-11-22T01:20:00Z');
let place: ReturnType<typeof dataFolder>;
let stores: Stores;
const config = (settings: Record<string, string> = {}) => configOf(join(place.path, 'data'), settings);
const file = () => join(place.path, 'copy');
const desk = () => deskOn(stores, now);
const copied = () => {
  const opened = openSeal(config());
  if ('findings' in opened) throw new Error(opened.findings.join());
  return backup(config(), opened.seal, [file()]);
};
const restored = async (given: Partial<{ file: string; keys: string; giveUp: boolean }> = {}, settings: Record<string, string> = {}) => {
  await stores.close();
  const result = await restore(config(settings), { file: file(), giveUp: false, ...given }, now);
  stores = await mustOpen(config());
  return result;
};
beforeEach(async () => {
  place = dataFolder();
  stores = await mustOpen(config());
});
afterEach(async () => {
  await stores.close().catch(() => {});
  place.remove();
});

describe('an operator erases a request', () => {
  it.for(['c_8f31', '7K4-2PD', '7k4-2pd'])('by %s: its key and words are gone, its mark stays, and the bot is told', async (asked) => {
    await arrives(desk(), 'c_8f31');
    await replyTo(desk(), 'c_8f31', keeper('operator'), 'words on their way');
    expect(await erase(desk(), ['--case', asked])).toEqual({ id: 'c_8f31', ref: '7K4-2PD' });
    expect(await findCase(stores.keep, 'c_8f31')).toMatchObject({ status: 'erased', reasons: [], country: null });
    expect(await stores.seal.lacking('desk', ['c_8f31'])).toEqual(['c_8f31']);
    expect((await queuedEvents(stores.keep, stores.seal)).map((event) => event.type)).toEqual(['case.erased']);
    const last = await stores.keep.selectFrom('audit').selectAll().orderBy('seq', 'desc').executeTakeFirstOrThrow();
    expect(last).toMatchObject({ actor: 'operator', action: 'case.erased', subject: 'c_8f31' });
    expect(await erase(desk(), ['--case', asked])).toMatchObject({ findings: [expect.stringMatching(/erased already/)] });
  });

  it('is told when there is no such request, and which ids share a ref', async () => {
    expect(await erase(desk(), ['--case', 'AAA-AAA'])).toMatchObject({ findings: [expect.stringMatching(/no such request/)] });
    await arrives(desk(), 'c_8f31');
    await arrives(desk(), 'c_9f31');
    expect(await erase(desk(), ['--case', '7K4-2PD'])).toMatchObject({ findings: [expect.stringMatching(/c_8f31, c_9f31/)] });
  });

  it.for([[], ['7K4-2PD'], ['--case'], ['--all']])('with %j is told how to ask', async (args) => {
    expect(await erase(desk(), args)).toMatchObject({ findings: [expect.stringMatching(/^--case: the ref/)] });
  });
});

describe('the proof of the log', () => {
  const prove = async (...more: string[]) => {
    const result = await audit(stores.keep, stores.auditKey, ['verify', ...more]);
    if ('findings' in result) throw new Error(result.findings.join());
    return result;
  };
  beforeEach(async () => {
    for (const id of ['c_8f31', 'c_8f32', 'c_8f33', 'c_8f34']) await arrives(desk(), id);
  });

  it('says that it is whole, with a head to compare later', async () => {
    const { ok, says } = await prove();
    expect(ok).toBe(true);
    expect(says).toMatch(/whole: 4 rows\. Head 4:[0-9a-f]{64}/);
    expect(await prove('--head', says.split(' ').at(-1) ?? '')).toMatchObject({ ok: true });
  });

  it.for([
    ['flipped', 3, () => stores.keep.updateTable('audit').set({ subject: 'c_9999' }).where('seq', '=', 3).execute()],
    ['deleted', 2, () => stores.keep.deleteFrom('audit').where('seq', '=', 2).execute()],
    ['cut off', 4, () => stores.keep.deleteFrom('audit').where('seq', '=', 4).execute()],
  ] as const)('names the row that was %s', async ([, row, spoil]) => {
    const head = (await prove()).says.split(' ').at(-1) ?? '';
    await spoil();
    const { ok, says } = await prove('--head', head);
    expect(ok).toBe(false);
    expect(says).toContain(`Row ${row} `);
  });

  it.for([[], ['check'], ['verify', '--head', 'x'], ['verify', 'twice']])('with %j is told how to ask', async (args) => {
    expect(await audit(stores.keep, stores.auditKey, args)).toHaveProperty('findings');
  });
});

describe('a copy of the data', () => {
  it('brings back what was there, and the log goes on', async () => {
    await arrives(desk(), 'c_8f31');
    expect(copied()).toMatchObject({ data: file(), keys: `${file()}.keys` });
    await arrives(desk(), 'c_8f32');
    expect(await restored()).toMatchObject({ erased: 0, rows: 1, broken: null, aside: `${pathsOf(config()).keep}.before` });
    expect(await findContent(stores.keep, stores.seal, 'c_8f31')).not.toBeNull();
    expect(await findCase(stores.keep, 'c_8f32')).toBeNull();
    await arrives(desk(), 'c_8f33');
    expect(await verifyAudit(stores.keep, stores.auditKey)).toMatchObject({ ok: true, head: { seq: 3 } });
    const marks = await stores.keep.selectFrom('audit').select(['action', 'detail']).orderBy('seq').execute();
    expect(marks.map((row) => row.action)).toEqual(['case.opened', 'data.restored', 'case.opened']);
  });

  it('never brings back who was erased since, in words or in marks', async () => {
    await arrives(desk(), 'c_8f31');
    copied();
    await erase(desk(), ['--case', 'c_8f31']);
    expect(await restored()).toMatchObject({ erased: 1 });
    expect(await findCase(stores.keep, 'c_8f31')).toMatchObject({ status: 'erased', reasons: [], language: 'und', country: null });
    expect(await findContent(stores.keep, stores.seal, 'c_8f31')).toBeNull();
  });

  it('does not bring back what was closed and purged since', async () => {
    await arrives(desk(), 'c_8f31');
    copied();
    await stores.seal.drop('desk', ['c_8f31']);
    await arrives(
      deskOn(stores, () => now() + 1000),
      'c_8f32',
    );
    expect(await restored()).toMatchObject({ erased: 1 });
    expect(await findContent(stores.keep, stores.seal, 'c_8f31')).toBeNull();
  });

  it('comes back on a new disk with the copy of its keys', async () => {
    await arrives(desk(), 'c_8f31');
    copied();
    await stores.close();
    rmSync(config().DATA_DIR, { recursive: true });
    // Somebody has already started the service there, so empty stores are in the way.
    stores = await mustOpen(config());
    expect(await restored()).toMatchObject({ findings: [expect.stringMatching(/missing or empty: name the newest copy of the keys/)] });
    expect(await restored({ keys: `${file()}.keys` })).toMatchObject({ erased: 0, rows: 1 });
    expect(await findContent(stores.keep, stores.seal, 'c_8f31')).not.toBeNull();
  });

  it('is not put beside keys that are older than it, unless what they cannot open is given up', async () => {
    await arrives(desk(), 'c_8f31');
    copied();
    copyFileSync(`${file()}.keys`, join(place.path, 'older'));
    // Keys are dated by the real clock, and this request came after all of them.
    const later = deskOn(stores, () => Date.now() + 60_000);
    await arrives(later, 'c_8f32');
    copied();
    await stores.close();
    rmSync(config().DATA_DIR, { recursive: true });
    stores = await mustOpen(config());
    const keys = join(place.path, 'older');
    expect(await restored({ keys })).toMatchObject({ findings: [expect.stringMatching(/have none for 1 of its requests/)] });
    expect(await restored({ keys, giveUp: true })).toMatchObject({ erased: 1 });
    expect(await findContent(stores.keep, stores.seal, 'c_8f31')).not.toBeNull();
    expect(await findCase(stores.keep, 'c_8f32')).toMatchObject({ status: 'erased' });
  });

  it.for<[string, () => Promise<unknown>, RegExp]>([
    ['a file that is not there', () => restored({ file: join(place.path, 'nothing') }), /there is no such file/],
    [
      'a copy cut in the middle',
      async () => {
        writeFileSync(join(place.path, 'half'), readFileSync(file()).subarray(0, 20_000));
        return restored({ file: join(place.path, 'half') });
      },
      /half is damaged/,
    ],
    ['another SEAL_KEY', () => restored({}, { SEAL_KEY: keyOf(9) }), /copy was sealed with another SEAL_KEY/],
    ['a copy of the keys that is not needed', () => restored({ keys: `${file()}.keys` }), /newer than any copy; leave --keys out/],
  ])('with %s nothing is changed', async ([, attempt, says]) => {
    await arrives(desk(), 'c_8f31');
    copied();
    expect(await attempt()).toMatchObject({ findings: [expect.stringMatching(says)] });
    expect(await findContent(stores.keep, stores.seal, 'c_8f31')).not.toBeNull();
    expect(existsSync(`${pathsOf(config()).keep}.new`)).toBe(false);
  });

  it('that turns out damaged is thrown away, and the copy before it stays', async () => {
    await arrives(desk(), 'c_8f31');
    copied();
    const before = readFileSync(file());
    await stores.close();
    const data = readFileSync(pathsOf(config()).keep);
    const at = data.indexOf('c_8f31');
    writeFileSync(pathsOf(config()).keep, data.fill(0xa5, at - (at % 4096), at - (at % 4096) + 4096));
    expect(copied()).toHaveProperty('findings');
    expect(readFileSync(file()).equals(before)).toBe(true);
    expect(existsSync(`${file()}.new`)).toBe(false);
  });

  it.for([[], ['a', 'b'], ['--reconcile', 'a'], ['--from', 'a']])('is not put back with %j', (args) => {
    expect(askedFor(args)).toHaveProperty('findings');
  });
});
