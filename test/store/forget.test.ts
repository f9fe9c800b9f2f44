import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyvStoreAdapter } from 'keyv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeForget, StoreDown } from '../../src/store/forget.ts';
import { openKeyvSqlite } from '../../src/store/keyv-sqlite.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { handledBefore, makeSessions, noteHandled } from '../../src/store/sessions.ts';
import { dataFolder } from '../support/product.ts';

const open = (path = ':memory:') => {
  const clock = { at: Date.now() };
  const store = openKeyvSqlite(path, () => clock.at);
  onTestFinished(() => store.close());
  return { clock, store, forget: (name: string) => makeForget(store, name, () => {}) };
};

describe('what must be forgotten', () => {
  it('is there until its time is over, then hidden at once and gone from the file', async () => {
    const folder = dataFolder();
    onTestFinished(folder.remove);
    const path = join(folder.path, 'forget.sqlite');
    const { clock, store, forget } = open(path);
    const sessions = forget('session');
    await sessions.set('a', 'a canary that must go', 1000);
    expect(await sessions.get('a')).toBe('a canary that must go');
    expect(readFileSync(`${path}-wal`, 'latin1') + readFileSync(path, 'latin1')).toContain('canary');
    clock.at += 1001;
    expect(await sessions.get('a')).toBeUndefined();
    expect(store.purge()).toBe(1);
    expect(readFileSync(path, 'latin1') + readFileSync(`${path}-wal`, 'latin1')).not.toContain('canary');
  });

  it('a deleted value leaves no bytes behind', async () => {
    const folder = dataFolder();
    onTestFinished(folder.remove);
    const path = join(folder.path, 'forget.sqlite');
    const { forget } = open(path);
    const sessions = forget('session');
    await sessions.set('a', 'another canary', 100_000);
    await sessions.delete('a');
    expect(readFileSync(path, 'latin1') + readFileSync(`${path}-wal`, 'latin1')).not.toContain('canary');
  });

  it('two namespaces never see each other, in whatever letter case', async () => {
    const { store } = open();
    const large = store.space();
    const [a, A] = [makeForget(store, 'a', () => {}), makeForget({ ...store, space: () => large }, 'A', () => {})];
    await a.set('k', 'small', 1000);
    await A.set('k', 'large', 1000);
    await large.clear();
    expect(await a.get('k')).toBe('small');
    expect(await A.get('k')).toBeUndefined();
  });

  it('an outage is an error and never a new person', async () => {
    const { store, forget } = open();
    const sessions = forget('session');
    await sessions.set('a', '1', 1000);
    await store.close();
    await expect(sessions.get('a')).rejects.toThrow(StoreDown);
    await expect(sessions.set('a', '2', 1000)).rejects.toThrow(StoreDown);
  });

  it('a store that hangs is an error too', async () => {
    const never = () => new Promise(() => {});
    const hanging = { opts: { dialect: 'sqlite', url: 'sqlite:' }, on: () => {}, get: never, set: never, delete: never, clear: never };
    const sessions = makeForget({ space: () => hanging as unknown as KeyvStoreAdapter, useKeyPrefix: true }, 'session', () => {});
    await expect(sessions.get('a')).rejects.toThrow(StoreDown);
  });

  it('a session opens with its own key and place alone', async () => {
    const { forget } = open();
    const store = forget('session');
    const mine = makeSessions(store, makeSeal([Buffer.alloc(32, 1)]), 1000);
    const other = makeSessions(store, makeSeal([Buffer.alloc(32, 2)]), 1000);
    await mine.save('a', { conversation: 'x' } as never);
    expect(await mine.load('a')).toEqual({ conversation: 'x' });
    await expect(other.load('a')).rejects.toThrow();
    await store.set('b', (await store.get('a')) ?? '', 1000);
    await expect(mine.load('b')).rejects.toThrow();
  });

  it('the last thirty-two handled messages are remembered, and which was the newest', () => {
    let handled = '';
    const id = (n: number) => String(n).padStart(6, '0');
    for (let n = 1; n <= 40; n += 1) handled = noteHandled(handled, id(n));
    expect(handledBefore(handled, id(40))).toBe('newest');
    expect(handledBefore(handled, id(9))).toBe('older');
    expect(handledBefore(handled, id(8))).toBeNull();
    // A hash that only appears across the border of two others is none.
    expect(handledBefore(handled, handled.slice(3, 9))).toBeNull();
  });
});
