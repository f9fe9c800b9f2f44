// The page showed crisis words again after saying that they were not kept, and answers after STOP had
// deleted them; and a made-up cookie, or a mere look, could begin conversations without end.
import { expect, it, onTestFinished } from 'vitest';
import { toGate } from '../support/ways.ts';
import { makeReader, startWeb } from '../support/web.ts';

const started = async () => {
  const web = await startWeb();
  onTestFinished(() => web.stop());
  return web;
};
const forged = (i: number) => `w_${String(i).padStart(43, '0')}`;

it('a cry for help is on no page and in no store afterwards; the page shows SOS in its place', async () => {
  const web = await started();
  const { conversation } = await web.walk(toGate);
  const cry = 'please, i want to kill myself tonight';
  await web.say({ conversation, reply: { text: cry } });
  const kept = await web.transcript(conversation);
  expect(JSON.stringify(kept)).not.toContain('tonight');
  expect(kept?.entries.findLast((entry) => entry.from === 'them')?.text).toBe('SOS');
});

it('after STOP nothing of the talk stands on the page but the goodbye, and the person can begin again', async () => {
  const web = await started();
  const { conversation } = await web.walk([...toGate, 'me', 'adult']);
  await web.say({ conversation, reply: { text: 'stop' } });
  const kept = JSON.stringify(await web.transcript(conversation));
  expect(kept).not.toContain('18 or older');
  expect(kept).toContain('We stop here.');
  const again = await web.say({ conversation, reply: { text: 'hello' } });
  expect(again.messages.at(-1)?.text).toContain('language');
});

it('a made-up cookie is a new person, and counts as one', async () => {
  const web = await started();
  const look = (i: number) =>
    fetch(`${web.base}/chat`, { headers: { cookie: `chat=${forged(i)}`, 'x-forwarded-for': '203.0.113.9' }, redirect: 'manual' });
  const statuses: number[] = [];
  for (let i = 0; i < 301; i += 1) statuses.push((await look(i)).status);
  expect(statuses.slice(0, 300).every((status) => status === 200)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
  const write = await fetch(`${web.base}/chat`, {
    method: 'POST',
    headers: { cookie: `chat=${forged(999)}`, 'x-forwarded-for': '203.0.113.9', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ id: 'a', text: 'hello' }),
    redirect: 'manual',
  });
  expect(write.status).toBe(429);
  // Whoever is known goes on, however many knock.
  const reader = makeReader(web, { 'x-forwarded-for': '203.0.113.10' });
  await reader.open();
  const known = await fetch(`${web.base}/chat`, { headers: { cookie: reader.cookie(), 'x-forwarded-for': '203.0.113.9' } });
  expect(known.status).toBe(200);
});

it('whoever only asks whether the page is there begins nothing', async () => {
  const web = await started();
  const answer = await fetch(`${web.base}/chat`, { method: 'HEAD' });
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
});
