// The page that says how each channel is: for administrators alone, in words, with the code that pairs.
import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelState } from '../../src/desk/desk.ts';
import { squares } from '../../src/link/qr.ts';
import { opened, startDesk, type TestDesk, told } from '../support/desk.ts';

let on: TestDesk;
afterEach(() => on.stop());

async function page(channels: ChannelState[], language = 'en') {
  on = await startDesk({ channels: () => channels });
  const { cookie } = await on.signedIn('Admin', ['administrator'], language);
  const answer = await on.get('/desk/channels', cookie);
  return { answer, body: await answer.text() };
}

describe('an administrator', () => {
  it('sees each channel and why one does not work', async () => {
    const { answer, body } = await page([
      { name: 'web', state: 'ready' },
      { name: 'whatsapp', state: 'down', reason: 'conflict' },
      { name: 'telegram', state: 'down', reason: 'Telegram cannot be reached; trying again' },
    ]);
    expect(answer.status).toBe(200);
    expect(body).toContain('Web chat');
    expect(body).toContain('The same pairing is used somewhere else.');
    expect(body).toContain('Telegram cannot be reached; trying again');
    expect(body).not.toContain('<svg');
    expect(answer.headers.get('refresh')).toBeNull();
  });

  it('finds the code to pair with, drawn without a script, and always the present one', async () => {
    const { answer, body } = await page(
      [{ name: 'whatsapp', state: 'starting', reason: 'pairing', code: squares('ref,a,b,c', 'L') }],
      'fr',
    );
    expect(body).toContain('Attend d’être associé.');
    expect(body).toMatch(/<svg class="code" role="img" aria-label="[^"]+" viewBox="0 0 (\d+) \1"><path d="M\d+ \d+h1v1h-1z/);
    expect(body).not.toContain('<script');
    expect(body).not.toContain('ref,a,b,c');
    expect(answer.headers.get('refresh')).toBe('10');
  });

  it('is told when the bot runs elsewhere', async () => {
    expect((await page([])).body).toContain('The bot does not run beside this desk.');
  });
});

describe('the same page', () => {
  it('says how replies fared and what waits, and knows nothing of protection', async () => {
    on = await startDesk({ channels: () => [] });
    const worker = await on.signedIn('Case', ['caseworker', 'protection']);
    for (const kind of ['return', 'protection']) {
      const id = `c_${kind}`;
      await on.hook(opened(id, { kind, channel: kind === 'return' ? 'telegram' : 'web' }));
      await on.post(`/desk/cases/${id}/claim`, worker.cookie);
      await on.post(`/desk/cases/${id}/reply`, worker.cookie, { text: 'Hello', once: `aaaa${kind}` });
      const { id: sent } = await on.desk.keep.selectFrom('messages').select('id').where('case_id', '=', id).executeTakeFirstOrThrow();
      await on.hook(told('message.failed', id, 2, { message_id: sent, reason: 'blocked_by_user' }));
    }
    on.clock.now += 3 * 60_000;
    const { cookie } = await on.signedIn('Admin', ['administrator']);
    const body = await (await on.get('/desk/channels', cookie)).text();
    expect(body).toContain('Something has been waiting for 3 min.');
    expect(body).toMatch(/Telegram<\/th><td>not delivered: the person left or blocked the chat<\/td><td>1</);
    expect(body).not.toContain('Web chat');
  });
});

describe('a caseworker', () => {
  it('has no such page', async () => {
    on = await startDesk({ channels: () => [] });
    const { cookie } = await on.signedIn('Case', ['caseworker', 'supervisor', 'protection', 'auditor']);
    expect((await on.get('/desk/channels', cookie)).status).toBe(404);
    expect(await (await on.get('/desk', cookie)).text()).not.toContain('/desk/channels');
  });
});

describe('a code', () => {
  it('has the white edge a camera needs', () => {
    on = { stop: async () => {} } as TestDesk;
    const { size, path } = squares('ref,a,b,c', 'L');
    const at = [...path.matchAll(/M(\d+) (\d+)/g)].flatMap((one) => [Number(one[1]), Number(one[2])]);
    expect(Math.min(...at)).toBe(4);
    expect(Math.max(...at)).toBe(size - 5);
  });
});
