import { afterEach, describe, expect, it } from 'vitest';
import { toReceipt, toReturnConsent, toTopics } from '../support/ways.ts';
import { makeReader, startWeb, type TestWeb } from '../support/web.ts';

const running: TestWeb[] = [];
afterEach(async () => {
  for (const web of running.splice(0)) {
    // Whoever writes here is known to no log.
    expect(web.logged.join('')).not.toMatch(/w_[A-Za-z0-9_-]{40}|canary/);
    await web.stop();
  }
});
const started = async (setting: Parameters<typeof startWeb>[0] = {}) => {
  const web = await startWeb(setting);
  running.push(web);
  return web;
};

describe('a program at POST /api/chat', () => {
  it('begins a conversation under a name that nobody can guess', async () => {
    const web = await started();
    const [first, second] = [await web.say({}), await web.say({})];
    expect(first.conversation).toMatch(/^w_[A-Za-z0-9_-]{43}$/);
    expect(second.conversation).not.toBe(first.conversation);
    expect(Object.keys(first)).toEqual(['conversation', 'messages']);
    const [message] = first.messages;
    expect(Object.keys(message ?? {})).toEqual(['id', 'text', 'lang', 'dir', 'choices']);
    expect(message).toMatchObject({ lang: 'en', dir: 'ltr' });
    expect(message?.choices[0]?.id).toMatch(/^[0-9a-z]+\.en$/);
  });

  it('answers by choice and by text', async () => {
    const web = await started();
    const answer = await web.walk(['en']);
    const { conversation } = answer;
    const next = await web.say({ conversation, reply: { id: 'r2', text: 'Belarus' } });
    expect(next.messages.at(-1)?.choices.some((one) => one.id.endsWith('.learn'))).toBe(true);
  });

  it('gets the same messages again for the same id, and the step is done once', async () => {
    const web = await started();
    const { conversation, messages } = await web.walk(toTopics);
    const choice = messages.at(-1)?.choices.find((one) => one.id.endsWith('.return'))?.id;
    const once = await web.say({ conversation, reply: { id: 'r9', choice } });
    const before = await web.session(conversation);
    expect(await web.say({ conversation, reply: { id: 'r9', choice } })).toEqual(once);
    expect(await web.session(conversation)).toEqual(before);
  });

  it('with an id of long ago is shown where the talk stands', async () => {
    const web = await started();
    const { conversation, messages } = await web.say({});
    const choice = messages.at(-1)?.choices.find((one) => one.id.endsWith('.en'))?.id;
    await web.say({ conversation, reply: { id: 'old', choice } });
    const now = await web.say({ conversation, reply: { id: 'new', text: 'Belarus' } });
    const late = await web.say({ conversation, reply: { id: 'old', choice } });
    expect(late.messages.at(-1)?.choices).toEqual(now.messages.at(-1)?.choices);
  });

  it('with a button of an earlier question is told so and sees the open one', async () => {
    const web = await started();
    const first = await web.walk(['en']);
    const stale = first.messages.at(-1)?.choices[0]?.id;
    const { conversation } = first;
    const open = await web.say({ conversation, reply: { text: 'Belarus' } });
    for (const choice of [stale, 'nonsense', '.', 'zzzz.yes', '']) {
      const { messages } = await web.say({ conversation, reply: { choice } });
      expect(messages[0]?.text).toContain('closed');
      expect(messages.at(-1)?.choices).toEqual(open.messages.at(-1)?.choices);
    }
  });

  it('who only looks is shown the open question', async () => {
    const web = await started();
    const { conversation, messages } = await web.walk(toTopics);
    expect((await web.say({ conversation })).messages.at(-1)?.choices).toEqual(messages.at(-1)?.choices);
  });

  it('finds nothing under a name that is unknown, forgotten or no name at all', async () => {
    const web = await started();
    const { conversation } = await web.walk(toTopics);
    await web.say({ conversation, reply: { text: 'delete' } });
    for (const name of [conversation, `w_${'A'.repeat(43)}`, 'w_1', '', '../../etc/passwd']) {
      const answer = await web.post({ conversation: name, reply: { text: 'hello' } });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
    }
  });

  it.each([
    ['no JSON', '{"conversation":', 400],
    ['JSON that is no object', '"canary"', 400],
    ['a list', '[]', 422],
    ['unknown keys', '{"canary":1}', 422],
    ['a conversation that is no text', '{"conversation":{"$ne":null}}', 422],
    ['a reply without a conversation', '{"reply":{"text":"canary"}}', 422],
    ['an empty reply', { reply: {} }, 422],
    ['choice and text at once', { reply: { choice: 'a.b', text: 'canary' } }, 422],
    ['an id with other signs', { reply: { id: 'a b', text: 'canary' } }, 422],
    ['a text that is a number', { reply: { text: 5 } }, 422],
    ['a text that is too long', { reply: { text: 'x'.repeat(4097) } }, 422],
    ['a body that is far too long', { reply: { text: 'x'.repeat(100_000) } }, 413],
  ])('with %s is refused, and nothing it sent is repeated', async (_, body, status) => {
    const web = await started();
    const { conversation } = await web.say({});
    const answer = await web.post(typeof body === 'string' ? body : { conversation, ...body });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(JSON.parse(text).error.code).toMatch(/^(bad_request|invalid|too_large)$/);
    expect(text).not.toMatch(/canary|xxx|\$ne/);
  });

  it('may send the longest text in any script, written in the longest way JSON has', async () => {
    const web = await started();
    const { conversation } = await web.say({});
    const text = '\\u0633'.repeat(4096);
    expect((await web.post(`{"conversation":"${conversation}","reply":{"text":"${text}"}}`)).status).toBe(200);
  });

  it('is told by a plain code when the store is out of reach, and loses nothing by it', async () => {
    const web = await started();
    const { conversation, messages } = await web.walk(toTopics);
    const choice = messages.at(-1)?.choices.find((one) => one.id.endsWith('.return'))?.id;
    web.fault.down = true;
    for (const body of [{ conversation, reply: { id: 'r5', choice } }, { conversation }, {}])
      expect((await web.post(body)).status).toBe(503);
    web.fault.down = false;
    const { messages: after } = await web.say({ conversation, reply: { id: 'r5', choice } });
    expect(after.at(-1)?.choices.map((one) => one.id.split('.')[1])).toContain('no');
    expect((await web.session(conversation))?.session.picks).toMatchObject({ 'welcome/topics': 'return' });
  });

  it('begins behind one address with 200 people, and not without end', async () => {
    const web = await started();
    const begin = (address: string) => web.post({}, { 'x-forwarded-for': address });
    const statuses: number[] = [];
    for (let i = 0; i < 300; i += 1) statuses.push((await begin('203.0.113.7')).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await begin('203.0.113.7');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many' } });
    expect((await begin('203.0.113.8')).status).toBe(200);
    web.clock.at += 60_000;
    expect((await begin('203.0.113.7')).status).toBe(200);
  });

  it('reads no cookie: a browser cannot be made to speak for a person here', async () => {
    const web = await started();
    const { conversation } = await web.walk(toTopics);
    const other = await (await web.post({}, { cookie: `chat=${conversation}` })).json();
    expect(other).not.toMatchObject({ conversation });
  });
});

describe('a person at /chat without scripts', () => {
  it('goes the whole way to a receipt with buttons alone, and everything said stands on the page', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    for (const code of toReceipt) await reader.press(`.${code}`);
    const [event] = await web.events();
    expect(event.data).toMatchObject({ channel: 'web', kind: 'return' });
    expect(reader.page()).toContain(event.data.ref);
    expect(reader.page()).toContain('<p class="who">You</p><p dir="auto">Baby</p>');
  });

  it('sees a telephone number on one line, and their own words as they wrote them', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    for (const code of ['en', 'by']) await reader.press(`.${code}`);
    await reader.writes('person');
    expect(reader.page()).toContain('+375\u00a017\u00a0328\u00a069\u00a061');
    await reader.writes('12 34');
    expect(reader.page()).toContain('<p dir="auto">12 34</p>');
  });

  it('gets a cookie that no script, no other site and no insecure line can read', async () => {
    const web = await started({ publicUrl: 'https://chat.example' });
    const [cookie] = (await makeReader(web).request('/chat')).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-chat=w_[\w-]{43}; /);
    for (const flag of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) expect(cookie).toContain(flag);
    expect(cookie).not.toContain('Domain');
    const local = await started();
    const [plain] = (await makeReader(local).request('/chat')).headers.getSetCookie();
    expect(plain).toMatch(/^chat=w_[\w-]{43}; .*HttpOnly; SameSite=Lax$/);
    expect(plain).not.toContain('Secure');
  });

  it('is heard once when a form is sent twice', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    const form = { id: reader.formId(), choice: reader.button('.en') };
    await Promise.all([reader.request('/chat', form), reader.request('/chat', form)]);
    await reader.open();
    expect(reader.page().match(/<p dir="auto">English<\/p>/g)).toHaveLength(1);
    expect(reader.page()).not.toContain('That question is closed.');
    await reader.press('.by');
    const written = { id: 'one', text: 'good morning' };
    await reader.request('/chat', written);
    await reader.request('/chat', written);
    await reader.open();
    expect(reader.page().match(/good morning/g)).toHaveLength(1);
  });

  it('changes nothing by going back to an old page and pressing there', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    const old = { id: reader.formId(), choice: reader.button('.fr') };
    await reader.press('.en');
    await reader.request('/chat', old);
    await reader.open();
    expect((await web.session(reader.person()))?.session.lang).toBe('en');
    await reader.request('/chat', { ...old, id: 'loaded-again' });
    await reader.open();
    expect(reader.page()).toContain('That question is closed.');
    expect((await web.session(reader.person()))?.session.lang).toBe('en');
  });

  it('sees at a reload what was there before, and nothing more', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    await reader.press('.en');
    const count = reader.count();
    await reader.open();
    await reader.open('/chat#new');
    expect(reader.count()).toBe(count);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { 'sec-fetch-site': 'same-site' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['a page without an address', { origin: 'null' }],
    ['somebody who does not say', {}],
  ])('is not spoken for by %s', async (_, headers: Record<string, string>) => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    const before = await web.session(reader.person());
    for (const path of ['/chat', '/chat/leave']) {
      const answer = await fetch(`${web.base}${path}`, {
        method: 'POST',
        headers: { cookie: reader.cookie(), ...headers },
        body: new URLSearchParams({ id: 'x', choice: reader.button('.en') }),
      });
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('Please open the chat itself.');
    }
    expect(await web.session(reader.person())).toEqual(before);
  });

  it('is spoken for by the page itself where a browser sends only its origin', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    const answer = await fetch(`${web.base}/chat`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: reader.cookie(), origin: web.base },
      body: new URLSearchParams({ id: 'x', choice: reader.button('.en') }),
    });
    expect(answer.status).toBe(303);
  });

  it('has the code of a link taken out of the address at once', async () => {
    const web = await started();
    const link = web.world.content.flow.links[0]?.replace('/', '-') ?? '';
    const reader = makeReader(web);
    const answer = await reader.request(`/chat?ref=${link}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/chat']);
    await reader.open();
    const before = reader.count();
    for (const ref of [link, 'unknown', '<script>', '']) {
      expect((await reader.request(`/chat?ref=${encodeURIComponent(ref)}`)).headers.get('location')).toBe('/chat');
      await reader.open();
    }
    expect(reader.count()).toBe(before);
  });

  it('who leaves is gone: from browser, page and store, and the old cookie finds an empty chat', async () => {
    const web = await started();
    const reader = makeReader(web, { 'accept-language': 'en' });
    await reader.open();
    for (const code of ['fr', 'by', 'return']) await reader.press(`.${code}`);
    const [old, person] = [reader.cookie(), reader.person()];
    const left = await reader.leaves();
    expect(left.status).toBe(200);
    expect(reader.cookie()).toBe('');
    // In the language they had chosen, and without a word of what was talked of.
    expect(reader.page()).toContain('Vous avez quitté cette page.');
    expect(reader.count()).toBe(0);
    expect(await web.session(person)).toBeUndefined();
    expect(await web.transcript(person)).toBeUndefined();
    reader.keeps(old);
    await reader.open();
    expect(reader.page()).not.toContain('<p class="who">');
    expect(reader.button('.en')).not.toBe('');
  });

  it('who leaves while the store is out of reach leaves all the same', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    web.fault.down = true;
    expect((await reader.leaves()).status).toBe(200);
    expect(reader.cookie()).toBe('');
  });

  it('who has everything deleted is told so once, on an empty page', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    for (const code of toReturnConsent) await reader.press(`.${code}`);
    await reader.writes('delete');
    expect(reader.count()).toBe(1);
    expect(reader.page()).toContain('We delete everything');
    await reader.open();
    expect(reader.count()).toBe(1);
    expect(await web.session(reader.person())).toBeUndefined();
    await reader.press('~go');
    expect(reader.page()).not.toContain('We delete everything');
    expect(reader.button('.en')).not.toBe('');
  });

  it('whose talk ended long ago finds nothing of it', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    for (const code of [...toTopics, 'return']) await reader.press(`.${code}`);
    for (let hour = 0; hour < 24; hour += 1) {
      web.clock.at += 3_600_000;
      await reader.open();
    }
    expect(reader.page()).not.toContain('<p class="who">');
  });

  it('is heard to the letter, and no letter becomes part of the page', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    await reader.press('.en');
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>&amp; \' </article></main>';
    await reader.writes(hostile);
    const shown = reader.page();
    expect(shown).toContain(
      '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp; &#39; &lt;/article&gt;',
    );
    expect(shown.match(/<script/g)).toHaveLength(1);
    expect(shown).not.toContain('<img');
  });

  it('who writes faster than can be read is told so on the page', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    const person = reader.cookie();
    const send = (i: number) =>
      fetch(`${web.base}/chat`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: person, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ id: `f${i}`, text: `word ${i}` }),
      });
    for (let i = 0; i < 60; i += 1) await send(i);
    await reader.open();
    expect(reader.page()).toContain('You write faster than this chat can read.');
  });

  it('has no page kept anywhere, and every page forbids what is not ours', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    const pages = [
      await reader.request('/chat', { id: 'a', choice: 'x' }),
      await reader.request('/chat'),
      await reader.request('/chat?ref=x'),
      await reader.request('/chat/left'),
      await reader.request('/chat/nowhere'),
      await reader.request('/chat/leave', {}),
      await fetch(`${web.base}/chat`, { method: 'POST' }),
      await web.post({}),
      await web.post('{'),
    ];
    for (const { headers, url } of pages) {
      expect(headers.get('cache-control'), url).toBe('no-store');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    }
  });

  it('is told honestly of an outage, and an answer sent then counts when it is sent again', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    await reader.press('.en');
    const form = { id: reader.formId(), choice: reader.button('.by') };
    web.fault.down = true;
    for (const answer of [await reader.request('/chat', form), await reader.request('/chat', form), await reader.request('/chat')]) {
      expect(answer.status).toBe(503);
      expect(await answer.text()).toContain('We have a technical problem.');
    }
    web.fault.down = false;
    await reader.open();
    expect(reader.button('.by')).toBe(form.choice);
    await reader.request('/chat', form);
    await reader.open();
    expect(reader.button('.learn')).not.toBe('');
  });

  it('with a made-up cookie is a new person', async () => {
    const web = await started();
    const reader = makeReader(web);
    reader.keeps('chat=w_short');
    await reader.open();
    expect(reader.person()).toMatch(/^w_[\w-]{43}$/);
  });
});

describe('a caseworker’s words to a person at the page', () => {
  it('are kept until they open it, shown once, and reported as delivered only then', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    for (const code of toReceipt) await reader.press(`.${code}`);
    expect(await web.caseworker('Good morning, we read your request.', 1)).toMatchObject({ status: 202 });
    const delivered = async () => (await web.events()).filter((event) => event.type === 'message.delivered').length;
    expect(await delivered()).toBe(0);
    await reader.open();
    expect(reader.page()).toContain('Good morning, we read your request.');
    expect(await delivered()).toBe(1);
    await reader.open();
    expect(reader.page().match(/Good morning/g)).toHaveLength(1);
    await reader.writes('Thank you, I wait.');
    expect((await web.events()).find((event) => event.type === 'message.received')?.data.text).toBe('Thank you, I wait.');
  });

  it('are not taken for delivered while the page cannot be kept', async () => {
    const web = await started();
    const reader = makeReader(web);
    await reader.open();
    for (const code of toReceipt) await reader.press(`.${code}`);
    await web.caseworker('Good morning, we read your request.', 1);
    web.fault.down = true;
    expect((await reader.open()).status).toBe(503);
    expect((await web.events()).some((event) => event.type === 'message.delivered')).toBe(false);
    web.fault.down = false;
    await reader.open();
    expect(reader.page()).toContain('Good morning, we read your request.');
  });
});
