// An operator invites somebody from the terminal.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAccounts } from '../../src/store/people.ts';
import { invite } from '../../src/tool/invite.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

describe('an invitation', () => {
  it('is a link that makes one account with the roles asked for, and is written down', async () => {
    const result = await invite(on.desk, ['--role', 'protection', '--role', 'caseworker']);
    if ('findings' in result) throw new Error(result.findings.join());
    expect(result.roles).toEqual(['caseworker', 'protection']);
    const form = { name: 'Amina', login: 'amina', password: 'a long enough secret', again: 'a long enough secret', language: 'en' };
    expect((await on.post(new URL(result.link).pathname, '', form)).status).toBe(303);
    expect((await listAccounts(on.desk.keep))[0]?.roles).toEqual(['caseworker', 'protection']);
    const first = await on.desk.keep.selectFrom('audit').selectAll().orderBy('seq').executeTakeFirstOrThrow();
    expect(first).toMatchObject({ actor: 'operator', action: 'invitation.made', detail: 'caseworker protection' });
  });

  it.for([
    [],
    ['--role', 'boss'],
    ['--role'],
    ['--role', 'caseworker', '--role', 'boss'],
    ['caseworker'],
    ['--name', 'x'],
  ])('with %j is refused and says what is possible', async (args) => {
    const result = await invite(on.desk, args);
    expect('findings' in result && result.findings[0]).toContain('caseworker, protection, supervisor, administrator, auditor');
    expect(await on.desk.keep.selectFrom('invitations').selectAll().execute()).toEqual([]);
  });
});
