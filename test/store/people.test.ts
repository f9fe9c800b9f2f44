// Accounts, links and sessions: each opens what it should, once, and not a minute longer.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Keep } from '../../src/store/keep.ts';
import * as people from '../../src/store/people.ts';
import { transact } from '../../src/store/transact.ts';
import { emptyKeep } from '../support/keeps.ts';

const minute = 60_000;
let keep: Keep;
beforeEach(async () => {
  keep = await emptyKeep();
});
afterEach(() => keep.destroy());

const add = (id: string, change: Partial<people.NewAccount> = {}) =>
  transact(keep, (tx) =>
    people.addAccount(tx, { id, login: id, name: id, password: 'hash', roles: ['caseworker'], language: 'en', ...change }, 0),
  );

describe('a link', () => {
  it('is good for half an hour and not longer', async () => {
    const token = await people.makeInvitation(keep, ['supervisor', 'administrator'], 0);
    expect(await people.findInvitation(keep, token, 30 * minute - 1)).toEqual({ roles: ['administrator', 'supervisor'] });
    expect(await people.findInvitation(keep, token, 30 * minute)).toBeNull();
  });

  it('is good once, also for many at the same moment', async () => {
    const token = await people.makeInvitation(keep, ['caseworker'], 0);
    const uses = await Promise.all(Array.from({ length: 20 }, () => transact(keep, (tx) => people.useInvitation(tx, token, 1, false))));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await people.findInvitation(keep, token, 1)).toBeNull();
  });

  it('to set up ends with the first account, all others too', async () => {
    const [first, second] = [
      await people.makeInvitation(keep, ['administrator'], 0),
      await people.makeInvitation(keep, ['administrator'], 0),
    ];
    await transact(keep, (tx) => people.useInvitation(tx, first, 1, true));
    expect(await people.findInvitation(keep, second, 1)).toBeNull();
  });

  it('is in no file in a form that opens anything', async () => {
    const token = await people.makeInvitation(keep, ['caseworker'], 0);
    expect(JSON.stringify(await keep.selectFrom('invitations').selectAll().execute())).not.toContain(token);
  });
});

describe('an account', () => {
  it('has one name however it is typed', async () => {
    expect(await add('a_1', { login: 'Amina' })).toBe(true);
    expect(await add('a_2', { login: ' AMINA ' })).toBe(false);
    expect((await people.accountByLogin(keep, 'amina'))?.account.id).toBe('a_1');
  });

  it('with the protection role lets the chat offer protection', async () => {
    await add('a_1');
    expect(await people.protectionStaff(keep)).toBe(false);
    await add('a_2', { roles: ['protection'] });
    expect(await people.protectionStaff(keep)).toBe(true);
    await transact(keep, (tx) => people.disableAccount(tx, 'a_2', 1));
    expect(await people.protectionStaff(keep)).toBe(false);
  });
});

describe('a session', () => {
  beforeEach(() => add('a_1'));

  it('ends after half an hour of silence', async () => {
    const token = await people.startSession(keep, 'a_1', 0);
    expect((await people.findSession(keep, token, 29 * minute))?.id).toBe('a_1');
    expect((await people.findSession(keep, token, 58 * minute))?.id).toBe('a_1');
    expect(await people.findSession(keep, token, 88 * minute)).toBeNull();
    expect(await people.findSession(keep, token, 58 * minute)).toBeNull();
  });

  it('ends after twelve hours of work', async () => {
    const token = await people.startSession(keep, 'a_1', 0);
    for (let at = 0; at < 720; at += 20) expect(await people.findSession(keep, token, at * minute)).not.toBeNull();
    expect(await people.findSession(keep, token, 720 * minute)).toBeNull();
  });

  it('ends with its account', async () => {
    const token = await people.startSession(keep, 'a_1', 0);
    await transact(keep, (tx) => people.disableAccount(tx, 'a_1', 1));
    expect(await people.findSession(keep, token, 2)).toBeNull();
  });

  it('is in no file in a form that opens anything', async () => {
    const token = await people.startSession(keep, 'a_1', 0);
    expect(JSON.stringify(await keep.selectFrom('desk_sessions').selectAll().execute())).not.toContain(token);
  });
});
