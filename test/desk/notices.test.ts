// Notices by e-mail, through a real mail server on loopback: who gets one, what it says, and what it never does.
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/case/case.ts';
import { sendNotices } from '../../src/desk/notices.ts';
import { makeSend } from '../../src/start/notices.ts';
import { accountSeal } from '../../src/store/factor.ts';
import { mailOf } from '../../src/store/notices.ts';
import { setOffices } from '../../src/store/people.ts';
import { transact } from '../../src/store/transact.ts';
import { opened, said, startDesk, type TestDesk } from '../support/desk.ts';

const canary = 'Zohra-canary';
let on: TestDesk;
let server: SMTPServer;
let post: ReturnType<typeof makeSend>;
let told: Map<string, number>;
const letters: { to: string; raw: string }[] = [];
/** Answers of the server to a recipient instead of taking the mail. */
const refusals = new Map<string, number>();

beforeEach(async () => {
  letters.length = 0;
  refusals.clear();
  told = new Map();
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const responseCode = refusals.get(address);
      done(responseCode === undefined ? null : Object.assign(new Error('no'), { responseCode }));
    },
    onData(stream, { envelope }, done) {
      let raw = '';
      stream.on('data', (part) => {
        raw += part;
      });
      stream.on('end', () => {
        letters.push({ to: envelope.rcptTo.map(({ address }) => address).join(), raw });
        done();
      });
    },
  });
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  post = makeSend(`smtp://127.0.0.1:${port}`, 'desk@example.org');
  on = await startDesk({ mails: true });
  await round();
});
afterEach(async () => {
  post.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await on.stop();
});

const round = () => sendNotices(on.desk, post.send, told);
const recipients = () => letters.map(({ to }) => to).sort();
async function staff(name: string, roles: Role[], wished = true) {
  const signed = await on.signedIn(name, roles);
  const mail = `${name.toLowerCase()}@example.org`;
  expect((await on.post('/desk/me/notices', signed.cookie, { mail, ...(wished && { wished: 'yes' }) })).status).toBe(303);
  return signed;
}

describe('a notice', () => {
  it('says reference and level, and nothing else of a request', async () => {
    await staff('Amina', ['caseworker']);
    await on.hook(opened('c_first', { ref: 'AAA-222', answers: { needs: ['baby'], missing: ['sleep'], number: canary } }));
    await round();
    expect(recipients()).toEqual(['amina@example.org']);
    const [head = '', body = ''] = letters[0]?.raw.split('\r\n\r\n', 2) ?? [];
    expect(head).toContain('Subject: Desk: something waits');
    expect(head).toContain('From: desk@example.org');
    expect(head).toContain('Auto-Submitted: auto-generated');
    expect(letters[0]?.raw).toContain(`AAA-222  Urgent\r\n\r\n${on.desk.publicUrl}/desk`);
    expect(body).not.toMatch(/telegram|return|baby|sleep|c_first|minsk|fr\b/i);
    expect(letters[0]?.raw).not.toContain(canary);
  });

  it('is never sent for a protection request, not even to protection staff', async () => {
    await staff('Shield', ['protection', 'supervisor', 'caseworker']);
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'PRT-222' }));
    await on.hook(said('c_shield', 2, canary, { urgent: true }));
    await round();
    expect(letters).toEqual([]);
  });

  it('goes to those who wish it and may see the request, and to nobody else', async () => {
    await staff('Amina', ['caseworker']);
    await staff('Quiet', ['caseworker'], false);
    await staff('Auditor', ['auditor', 'administrator']);
    const { id: far } = await staff('Far', ['caseworker']);
    const { id: gone } = await staff('Gone', ['caseworker']);
    await transact(on.desk.keep, (tx) => setOffices(tx, far, ['gr']));
    await on.desk.keep.updateTable('accounts').set({ disabled_at: 1 }).where('id', '=', gone).execute();
    await on.hook(opened('c_first', { ref: 'AAA-222' }));
    await round();
    expect(recipients()).toEqual(['amina@example.org']);
  });

  it('of a person who writes goes to whoever holds the request; of words of crisis also to supervisors', async () => {
    const { cookie } = await staff('Amina', ['caseworker']);
    await staff('Boris', ['caseworker']);
    await staff('Chief', ['supervisor']);
    await on.hook(opened('c_first', { ref: 'AAA-222' }));
    await on.post('/desk/cases/c_first/claim', cookie);
    await round();
    letters.length = 0;
    await on.hook(said('c_first', 2, canary));
    await round();
    expect(recipients()).toEqual(['amina@example.org']);
    await on.hook(said('c_first', 3, canary, { urgent: true }));
    await round();
    expect(recipients()).toEqual(['amina@example.org', 'amina@example.org', 'chief@example.org']);
    expect(letters.map(({ raw }) => raw).join()).not.toContain(canary);
  });

  it('is one for all that came since the last, and is not sent again', async () => {
    await staff('Amina', ['caseworker']);
    for (let at = 100; at < 125; at += 1) await on.hook(opened(`c_0${at}`, { ref: `A${String(at).slice(1)}-222` }));
    await round();
    await round();
    expect(letters).toHaveLength(1);
    expect(letters[0]?.raw.match(/-222 {2}/g)).toHaveLength(20);
    expect(letters[0]?.raw).toContain('and 5 more');
  });

  it('that could not be sent is tried again, and others are not told twice', async () => {
    await staff('Amina', ['caseworker']);
    await staff('Boris', ['caseworker']);
    await staff('Never', ['caseworker']);
    refusals.set('boris@example.org', 451).set('never@example.org', 550);
    await on.hook(opened('c_first', { ref: 'AAA-222' }));
    await round();
    refusals.delete('boris@example.org');
    await round();
    await round();
    expect(recipients()).toEqual(['amina@example.org', 'boris@example.org']);
    const lines = on.lines.filter((line) => line.includes('a notice could not be sent'));
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('@');
  });

  it('is not sent an hour late', async () => {
    await staff('Amina', ['caseworker']);
    await on.hook(opened('c_first', { ref: 'AAA-222' }));
    on.clock.now += 61 * 60_000;
    await round();
    expect(letters).toEqual([]);
  });
});

describe('an address for notices', () => {
  it('is sealed, and must be one', async () => {
    const { id, cookie } = await staff('Amina', ['caseworker']);
    expect(JSON.stringify(await on.desk.keep.selectFrom('accounts').selectAll().execute())).not.toContain('amina@');
    for (const mail of ['nothing', 'a@b.org\r\nBcc: c@d.org', 'a@b.org, c@d.org', `${'a'.repeat(250)}@b.org`])
      expect((await on.post('/desk/me/notices', cookie, { mail, wished: 'yes' })).status).toBe(422);
    expect(await mailOf(on.desk.keep, await accountSeal(on.desk.keep, on.desk.seal), id)).toEqual({
      mail: 'amina@example.org',
      wished: true,
    });
    await on.post('/desk/me/notices', cookie, { mail: '', wished: 'yes' });
    expect(await mailOf(on.desk.keep, await accountSeal(on.desk.keep, on.desk.seal), id)).toEqual({ mail: '', wished: false });
  });

  it('is asked for only where there is a mail server', async () => {
    const { cookie } = await on.signedIn('Amina', ['caseworker']);
    expect(await (await on.get('/desk/me', cookie)).text()).toContain('name="mail"');
    on.desk.mails = false;
    expect(await (await on.get('/desk/me', cookie)).text()).not.toContain('name="mail"');
  });
});
