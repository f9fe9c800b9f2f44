// WhatsApp with the unmodified library in a real Chromium, before a stand-in of its site: pairing, order,
// crashes of everything that can crash, logout and pairing again, and what must be left alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../src/tool/parts.ts';
import { needs } from '../support/parts.ts';
import { type Bot, browserProcesses, childProcesses, makeBot, pace, profileFolder, says, textOf } from '../support/whatsapp/channel.ts';
import { type Site, startSite, storedPage } from '../support/whatsapp/site.ts';

const chromium = findChromium();

const amina = '15550002222@c.us';
const omar = '15550003333@c.us';
const media = { directPath: '/v/t62/file', mediaKey: 'k', filehash: 'h', mimetype: 'image/jpeg', caption: 'SOS under it' };
/** What somebody can send beside words, and what we call it. */
const kinds: [type: string, what: string, more?: object][] = [
  ...(['image', 'video', 'sticker', 'document', 'ptt', 'audio'] as const).map((type): [string, string, object] => [
    type,
    { image: 'photo', video: 'other', sticker: 'other', document: 'document', ptt: 'voice', audio: 'voice' }[type],
    media,
  ]),
  ['location', 'location', { lat: 1, lng: 2, loc: 'secret-word' }],
  ['live_location', 'location', { lat: 1, lng: 2 }],
  ['vcard', 'contact'],
  ['multi_vcard', 'contact', { vcardList: [{ vcard: 'secret-word' }] }],
  ...['poll_creation', 'order', 'product', 'payment', 'groups_v4_invite', 'scheduled_event_creation', 'unknown'].map(
    (type): [string, string] => [type, 'other'],
  ),
];
const hostile = [
  '\u202etxet\u2066',
  '<img src=x onerror=alert(1)>',
  '*_~`{{name}}',
  '😀'.repeat(3_000),
  '\u200b\u200d',
  'x'.repeat(65_000),
];
/** Words that come with something else than words. */
const marked: [text: string, more: object][] = [
  ['forwarded often', { isForwarded: true, forwardingScore: 127 }],
  ['an answer to nothing', { quotedMsg: null, quotedStanzaID: 'GONE', quotedParticipant: null }],
];
const kill = (pids: number[]) => {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
};

describe.skipIf(needs('chromium'))('WhatsApp in a real browser', () => {
  let site: Site;
  let profile: ReturnType<typeof profileFolder>;
  let bots: Bot[];

  beforeEach(async () => {
    site = await startSite();
    profile = profileFolder();
    bots = [];
  });
  afterEach(async () => {
    await Promise.all(bots.map((bot) => bot.channel.stop()));
    const left = browserProcesses(profile.path);
    kill(left);
    site.close();
    profile.remove();
    // Whatever happened, nobody's words or number are in the log, and no browser is left behind.
    for (const bot of bots) expect(bot.lines.join('')).not.toMatch(/1555|@c\.us|@lid|secret-word/);
    expect(left).toEqual([]);
  });

  const makes = (given: Parameters<typeof makeBot>[2] = {}, args = site.args): Bot => {
    const bot = makeBot(args, profile.path, given);
    bots.push(bot);
    return bot;
  };
  async function paired(given: Parameters<typeof makeBot>[2] = {}): Promise<Bot> {
    const bot = makes(given);
    await bot.start();
    await bot.code();
    await site.ask('scan');
    await bot.ready();
    return bot;
  }
  const answered = (person: string, texts: string[]) =>
    site
      .until(() => site.sentTo(person).length >= texts.length, `${texts.length} answers, not ${site.sentTo(person)}`)
      .then(() => expect(site.sentTo(person)).toEqual(texts));
  const read = (person: string) => site.until(() => site.unread(person) === 0, 'the chat is marked as seen');
  const ended = (bot: Bot, why: string) => site.until(() => bot.lines.join('').includes(`"code":"${why}"`), `it ends as ${why}`);

  it('shows a code, is paired by it, and answers', async () => {
    const bot = makes();
    await bot.start();
    expect(bot.channel.health().state).toBe('starting');
    await bot.code();
    expect(bot.channel.health()).toEqual({ state: 'starting', reason: 'pairing' });
    expect(bot.codes[0]).toMatch(/^ref-0,/);
    await site.ask('rotate');
    await site.until(() => bot.codes.length === 2, 'the next code');
    expect(bot.channel.pairing()).toMatch(/^ref-1,/);
    expect(await bot.channel.send(omar, says('too early'))).toHaveProperty('later');
    await site.ask('scan');
    await bot.ready();
    expect(bot.channel.pairing()).toBeNull();

    site.deliver({ from: amina, body: 'Bonjour https://example.org' });
    await answered(amina, ['re Bonjour https://example.org']);
    await read(amina);
    expect(bot.received).toEqual([
      expect.objectContaining({ channel: 'whatsapp', person: amina, body: { kind: 'text', text: 'Bonjour https://example.org' } }),
    ]);
    await site.until(() => site.told.some((one) => one.kind === 'typing'), 'typing is shown');
    const kinds = site.told.map((one) => one.kind);
    expect(kinds.indexOf('seen')).toBeGreaterThan(kinds.indexOf('send'));
    expect(site.told.find((one) => one.kind === 'send')?.preview).toBe(false);
    expect(statSync(profile.path).mode & 0o777).toBe(0o700);
    // Anything else here means that the library wants a page we do not stand in for.
    expect(await site.ask('missing')).toEqual(['WAWebBackendJobsCommon', 'WAWebE2EProtoUtils']);
  });

  it('a saved pairing lasts over a restart', async () => {
    const first = await paired();
    await first.channel.stop();
    expect(first.channel.health().state).toBe('off');
    const second = makes();
    await second.start();
    await second.ready();
    expect(second.codes).toEqual([]);
    site.deliver({ from: amina, body: 'again' });
    await answered(amina, ['re again']);
  });

  it('messages that came while away are answered in order, and none twice', async () => {
    const first = await paired();
    await first.channel.stop();
    const people = Array.from({ length: 20 }, (_, at) => `1555001${String(at).padStart(4, '0')}@c.us`);
    for (let round = 0; round < 5; round += 1)
      for (const person of people) site.deliver({ from: person, body: `${round}`, fresh: false, t: 1_790_000_000 });
    const second = makes();
    await second.start();
    for (const person of people) await answered(person, ['re 0', 're 1', 're 2', 're 3', 're 4']);
    for (const person of people) await read(person);
    expect(second.received.length).toBe(100);
    // The first came before any question of this process; the others were here before the answer to it.
    expect(second.received.filter(({ late }) => late === undefined).length).toBe(20);
    expect(second.marks.size).toBe(0);
  });

  it('a message without an event is found by its unread mark', async () => {
    await paired();
    site.deliver({ from: amina, body: 'silent', fresh: false });
    await answered(amina, ['re silent']);
    await read(amina);
  });

  it('killed after the first of two messages, the second is answered and the first not again', async () => {
    const first = await paired();
    const { promise: held } = Promise.withResolvers<void>();
    const handle = first.conversation.handle;
    first.conversation.handle = (incoming) => (textOf(incoming) === 'two' ? held : handle(incoming));
    site.deliver({ from: amina, body: 'one' });
    site.deliver({ from: amina, body: 'two' });
    await site.until(() => first.received.length === 2, 'the second is in hand');
    expect(site.unread(amina)).toBe(2);
    kill(browserProcesses(profile.path));
    await first.channel.stop();

    const second = makes({ marks: { load: async (who) => first.marks.get(who), save: async () => {}, forget: async () => {} } });
    await second.start();
    await answered(amina, ['re one', 're two']);
    await read(amina);
    expect(second.texts()).toEqual(['two']);
  });

  it('a message whose handling fails comes again, and stands in nobody else’s way', async () => {
    const bot = await paired();
    const handle = bot.conversation.handle;
    bot.conversation.handle = async (incoming) => {
      if (textOf(incoming) === 'poison') throw new Error('secret-word');
      await handle(incoming);
    };
    site.deliver({ from: amina, body: 'poison' });
    site.deliver({ from: omar, body: 'hello' });
    await answered(omar, ['re hello']);
    site.deliver({ from: amina, body: 'after' });
    await answered(amina, ['re after']);
    expect(bot.texts().filter((text) => text === 'poison').length).toBe(3);
    expect(bot.lines.join('')).toContain('whatsapp.set-aside');
    await read(amina);
  });

  it('a message is not marked as seen before its answer is out', async () => {
    const bot = await paired();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const handle = bot.conversation.handle;
    bot.conversation.handle = async (incoming) => {
      await held;
      await handle(incoming);
    };
    site.deliver({ from: amina, body: 'hello' });
    await site.until(() => bot.received.length === 1, 'it is in hand');
    expect(site.told.filter((one) => one.kind === 'seen')).toEqual([]);
    release();
    await read(amina);
    expect(site.told.filter((one) => one.kind !== 'typing').map((one) => one.kind)).toEqual(['send', 'seen']);
  });

  it('comes back by itself when the browser is killed', async () => {
    const bot = await paired();
    kill(browserProcesses(profile.path));
    await ended(bot, 'browser-gone');
    site.deliver({ from: amina, body: 'still there?' });
    await answered(amina, ['re still there?']);
    expect(bot.channel.health()).toEqual({ state: 'ready' });
  });

  it('comes back by itself when the page crashes', async () => {
    const bot = await paired();
    kill(browserProcesses(profile.path, 'renderer'));
    await site.until(() => /page-crashed|no-answer/.test(bot.lines.join('')), 'the crash is noticed');
    site.deliver({ from: amina, body: 'still there?' });
    await answered(amina, ['re still there?']);
  });

  it('comes back by itself when the page hangs', async () => {
    const bot = await paired({ pace: { ...pace, child: { beat: 300, answer: 1_000 } } });
    site.tell('hang');
    await ended(bot, 'no-answer');
    site.deliver({ from: amina, body: 'still there?' });
    await answered(amina, ['re still there?']);
  });

  it('comes back by itself when its own process is killed', async () => {
    const bot = await paired();
    kill(childProcesses());
    await ended(bot, 'crashed');
    site.deliver({ from: amina, body: 'still there?' });
    await answered(amina, ['re still there?']);
  });

  it('takes over from a browser that an earlier process left behind', async () => {
    const first = await paired();
    await first.channel.stop();
    const orphan = spawn(chromium ?? '', [...site.args, '--headless', `--user-data-dir=${join(profile.path, 'session')}`, 'about:blank'], {
      stdio: 'ignore',
    });
    const gone = once(orphan, 'exit');
    await site.until(() => lockOf(profile.path) !== null, 'the browser holds the profile');
    const second = makes();
    await second.start();
    await second.ready();
    await gone;
    expect(second.codes).toEqual([]);
  });

  it('a lock that another host left is no obstacle', async () => {
    const first = await paired();
    await first.channel.stop();
    rmSync(join(profile.path, 'session', 'SingletonLock'), { force: true });
    symlinkSync(`not-${hostname()}-1`, join(profile.path, 'session', 'SingletonLock'));
    const second = makes();
    await second.start();
    await second.ready();
  });

  it('a page that is loaded anew is ready again, and hears each message once', async () => {
    const bot = await paired();
    const loads = site.loads();
    site.tell('reload');
    await site.until(() => site.loads() > loads && site.open(), 'the page is loaded anew');
    site.deliver({ from: amina, body: 'hello' });
    await answered(amina, ['re hello']);
    await read(amina);
    expect(bot.texts()).toEqual(['hello']);
    expect(bot.lines.join('')).not.toContain('whatsapp.ended');
  });

  it('without a connection it says so, and goes on when there is one', async () => {
    const bot = await paired();
    site.tell('state', 'TIMEOUT');
    await site.until(() => bot.channel.health().reason === 'no-connection', 'down');
    expect(bot.channel.health().state).toBe('down');
    expect(await bot.channel.send(omar, says('x'))).toHaveProperty('later');
    site.tell('state', 'CONNECTED');
    await bot.ready();
  });

  it('logged out from the telephone it asks to be paired again, and then works and lasts', async () => {
    const bot = await paired();
    site.tell('logout');
    await site.until(() => bot.channel.pairing() !== null, 'a code to pair again');
    expect(bot.channel.health()).toEqual({ state: 'down', reason: 'logged-out' });
    await site.ask('scan');
    await bot.ready();
    site.deliver({ from: amina, body: 'back' });
    await answered(amina, ['re back']);
    await bot.channel.stop();
    const next = makes();
    await next.start();
    await next.ready();
    expect(next.codes).toEqual([]);
  });

  it('used elsewhere, it does not take over but tells and waits', async () => {
    const bot = await paired({ pace: { ...pace, line: { soon: 200, slow: 3_000 } } });
    site.tell('state', 'CONFLICT');
    await ended(bot, 'conflict');
    expect(bot.channel.health()).toEqual({ state: 'down', reason: 'conflict' });
    await bot.ready();
  });

  it('a pairing that WhatsApp forgets is asked for anew', async () => {
    const bot = await paired();
    site.tell('state', 'UNPAIRED');
    await ended(bot, 'unpaired');
    await bot.ready();
  });

  it('a code nobody renews is fetched anew', async () => {
    const bot = makes({ pace: { ...pace, child: { beat: 300, qr: 1_000 } } });
    await bot.start();
    await ended(bot, 'no-qr');
    await bot.code();
  });

  it('when it never becomes ready, it is opened again', async () => {
    const first = await paired();
    await first.channel.stop();
    site.setting.racy = true;
    const bot = makes({ pace: { ...pace, child: { beat: 300, ready: 1_500 } } });
    await bot.start();
    await ended(bot, 'no-ready');
    site.setting.racy = false;
    await bot.ready();
  });

  it('a browser that has grown too large is replaced while nobody writes', async () => {
    const bot = await paired({ pace: { ...pace, child: { beat: 200, settle: 0, mostMemoryMb: 1, unweighed: 0 } } });
    site.deliver({ from: amina, body: 'before' });
    await answered(amina, ['re before']);
    await ended(bot, 'planned');
    site.deliver({ from: amina, body: 'meanwhile' });
    await answered(amina, ['re before', 're meanwhile']);
    expect(bot.lines.join('')).not.toContain('"level":"error"');
  });

  it('groups, status, channels and our own messages are left alone', async () => {
    const bot = await paired();
    for (const from of ['120363000000000000@g.us', 'status@broadcast', '120363000000000001@newsletter']) {
      for (const [type, , more] of [['chat', ''], ...kinds] as typeof kinds)
        site.deliver({ from, author: amina, body: 'secret-word', type, ...more });
      for (const body of hostile) site.deliver({ from, author: amina, body });
    }
    for (const type of ['e2e_notification', 'gp2', 'call_log', 'revoked', 'protocol', 'notification_template', 'reaction'])
      site.deliver({ from: omar, body: 'secret-word', type });
    site.deliver({ from: amina, body: 'to you' });
    await answered(amina, ['re to you']);
    await read(amina);
    expect(bot.texts()).toEqual(['to you']);
    expect(site.told.filter((one) => one.kind === 'seen').map((one) => one.to)).toEqual([amina]);
    expect(site.told.filter((one) => one.kind === 'download')).toEqual([]);
  });

  it('every kind of content is named, and none is fetched', async () => {
    const bot = await paired();
    for (const [type, , more] of kinds) site.deliver({ from: amina, body: 'secret-word', type, ...more });
    await site.ask('call', amina);
    await site.ask('call', omar, { isGroup: true });
    await site.until(() => bot.received.length === kinds.length + 1, `all kinds, not ${bot.texts()}`);
    expect(bot.texts()).toEqual([...kinds.map(([, what]) => what), 'call']);
    expect(bot.received[0]?.body).toEqual({ kind: 'unsupported', what: 'photo', caption: 'SOS under it' });
    await read(amina);
    expect(site.told.filter((one) => one.kind === 'download' || one.kind === 'refused')).toEqual([]);
    expect(site.others).toEqual([]);
  });

  it('hostile, forwarded and answering text is text', async () => {
    const bot = await paired();
    const texts = [...hostile, ...marked.map(([text]) => text)];
    for (const body of hostile) site.deliver({ from: amina, body });
    for (const [body, more] of marked) site.deliver({ from: amina, body, ...more });
    await site.until(() => bot.received.length === texts.length, 'all of them');
    for (const [at, incoming] of bot.received.entries()) expect(texts[at]?.startsWith(textOf(incoming)), `${at}`).toBe(true);
    for (const incoming of bot.received) expect(textOf(incoming).length).toBeLessThanOrEqual(4_096);
    await read(amina);
  });

  it('an edited message is told, an encrypted one is awaited', async () => {
    const bot = await paired();
    const id = site.deliver({ from: amina, body: 'first' });
    await answered(amina, ['re first']);
    await site.ask('edit', id, 'second');
    await site.until(() => bot.received.length === 2, 'the edit');
    const sealed = site.deliver({ from: omar, body: '', type: 'ciphertext' });
    await site.ask('decrypt', sealed, 'now readable');
    await answered(omar, ['re now readable']);
    expect(bot.texts()).toEqual(['first', 'edited', 'now readable']);
  });

  it('one that stays encrypted is asked for once more', async () => {
    const first = await paired();
    await first.channel.stop();
    site.deliver({ from: amina, body: '', type: 'ciphertext', fresh: false });
    const second = makes();
    await second.start();
    await site.until(() => second.received.length === 1, 'it is told');
    expect(second.texts()).toEqual(['other']);
    await read(amina);
  });

  it('somebody is one person under a number and under an id, and is answered where they wrote', async () => {
    const bot = await paired();
    await site.ask('know', amina, '777000@lid');
    site.deliver({ from: amina, body: 'by number' });
    await answered(amina, ['re by number']);
    site.deliver({ from: '777000@lid', body: 'by id' });
    await answered('777000@lid', ['re by id']);
    expect(bot.received.map(({ person }) => person)).toEqual(['777000@lid', '777000@lid']);
  });

  it('somebody whose other id becomes known later, or is forgotten again, stays one person', async () => {
    const bot = await paired();
    const number = { person: amina };
    const both = { person: '777000@lid', formerly: [amina] };
    site.deliver({ from: amina, body: 'by number' });
    await answered(amina, ['re by number']);
    await site.ask('know', amina, '777000@lid');
    site.deliver({ from: '777000@lid', body: 'by id' });
    await answered('777000@lid', ['re by id']);
    site.deliver({ from: '777000@lid', body: 'again' });
    await answered('777000@lid', ['re by id', 're again']);
    await bot.channel.stop();
    const next = makes({ links: bot.links });
    await next.start();
    await next.ready();
    await site.ask('unknow', amina);
    site.deliver({ from: amina, body: 'by number again' });
    await answered(amina, ['re by number', 're by number again']);
    const names = [...bot.received, ...next.received].map(({ person, formerly }) => ({ person, ...(formerly ? { formerly } : {}) }));
    expect(names).toEqual([number, both, { person: '777000@lid' }, { person: '777000@lid' }]);
  });

  it('writing to somebody WhatsApp does not know is refused, not repeated for ever', async () => {
    const bot = await paired();
    expect(await bot.channel.send('0001@c.us', says('hello'))).toEqual({ refused: 'failed' });
  });

  it('a stored page is used instead of the present one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    writeFileSync(join(folder, '2.3.html'), storedPage);
    const nowhere = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND'];
    const bot = makes({ page: { folder, version: '2.3' } }, nowhere);
    await bot.start();
    await bot.code();
    expect(site.loads()).toBe(0);
    rmSync(folder, { recursive: true });
  });

  it('asked to end while it begins, it leaves no browser', async () => {
    const bot = makes();
    await bot.start();
    await bot.channel.stop();
    expect(bot.channel.health().state).toBe('off');
  });
});

function lockOf(profile: string): string | null {
  try {
    return readlinkSync(join(profile, 'session', 'SingletonLock'));
  } catch {
    return null;
  }
}
