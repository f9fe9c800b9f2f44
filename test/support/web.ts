// A whole web chat over real HTTP on a free port: the real conversation on stores in memory, a clock that
// stands still, a session store that can be taken away. And a browser without scripts to stand before it.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Choice, Receive } from '../../src/channel/channel.ts';
import { makeWeb } from '../../src/channel/web.ts';
import type { Transcript } from '../../src/channel/web-transcript.ts';
import { fromDesk } from '../../src/conversation/from-desk.ts';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { standing } from '../../src/conversation/standing.ts';
import { crisisIn } from '../../src/flow/understand.ts';
import { sign } from '../../src/handoff/sign.ts';
import { makeApp } from '../../src/http/app.ts';
import { makeForget } from '../../src/store/forget.ts';
import type { Forgetful } from '../../src/store/forgetful.ts';
import { makeLock } from '../../src/store/lock.ts';
import { webhookId } from '../../src/store/outbox.ts';
import { makeSealed, makeSessions } from '../../src/store/sessions.ts';
import { queuedEvents } from './seals.ts';
import { makeWorld, type Setting } from './talk.ts';

const day = 24 * 3_600_000;
const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

type Said = { id: string; text: string; lang: string; dir: string; choices: Choice[] };
type Answer = { conversation: string; messages: Said[]; error?: { code: string; message: string } };

/** The same store, until `down` says that it cannot be reached. */
function breakable(store: Forgetful, down: () => boolean): Forgetful {
  return {
    ...store,
    space() {
      const adapter = store.space();
      const { get, set, delete: drop } = adapter;
      const unlessDown = <T>(call: () => T): T => {
        if (down()) throw new Error('the store is gone');
        return call();
      };
      return Object.assign(adapter, {
        get: async (key: string) => unlessDown(() => get.call(adapter, key)),
        set: async (key: string, value: unknown, ttl?: number) => unlessDown(() => set.call(adapter, key, value, ttl)),
        delete: async (key: string) => unlessDown(() => drop.call(adapter, key)),
      });
    },
  };
}

export type TestWeb = Awaited<ReturnType<typeof startWeb>>;

export async function startWeb(setting: Setting & { publicUrl?: string; wrap?: (receive: Receive) => Receive } = {}) {
  const built = await makeWorld(setting);
  const { world, clock, logged } = built;
  const fault = { down: false };
  const store = breakable(built.store, () => fault.down);
  const forget = (namespace: string) => makeForget(store, namespace, () => {});
  world.sessions = makeSessions(forget('session'), world.seal, day);
  const { catalog, flow } = world.content;
  const key = (person: string) => world.index('person', 'web', person);
  const transcripts = makeSealed<Transcript>(forget('transcript'), world.seal, 'transcript', day);
  const { channel, pages, api } = makeWeb({
    transcripts,
    knows: (person) => standing(world, 'web', person),
    crisis: (text) => crisisIn(text, world.content.words) !== null,
    leave: (person) => world.sessions.forget(key(person)),
    inOrder: makeLock(),
    hash: (text) => world.index('web', text),
    text: (lang, name) => catalog.text(lang, 'chat', name),
    direction: catalog.direction,
    languages: flow.languages,
    publicUrl: setting.publicUrl ?? 'http://localhost:3000',
    now: world.now,
    log: world.log,
  });
  const replies = makeReplies(world.log);
  const receive = makeReceive(world, channel, replies);
  await channel.start(setting.wrap?.(receive) ?? receive);
  const app = makeApp({ trustProxy: 1, log: world.log, mount: (on) => on.use(api, pages) });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const events = () => queuedEvents(world.keep, world.seal);

  return {
    base,
    world,
    clock,
    logged,
    fault,
    channel,
    replies,
    events,
    /** The kept transcript of somebody. */
    transcript: (person: string) => transcripts.load(world.index('web', person)),
    session: (person: string) => world.sessions.load(key(person)),
    /** `POST /api/chat`. */
    post: (body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${base}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': 'en', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** The same, and what it answered. */
    async say(body: unknown): Promise<Answer> {
      clock.at += 3_000;
      return (await this.post(body)).json() as Promise<Answer>;
    },
    /** Through the chat by codes, as a program would. */
    async walk(codes: string[]): Promise<Answer> {
      let answer = await this.say({});
      for (const code of codes) {
        const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`))?.id;
        if (choice === undefined) throw new Error(`no button ${code} under: ${answer.messages.at(-1)?.text}`);
        answer = await this.say({ conversation: answer.conversation, reply: { choice } });
      }
      return answer;
    },
    /** A caseworker writes about the newest request. */
    async caseworker(text: string, seq: number) {
      const [{ case_id }] = (await events()).filter((event) => event.type === 'case.opened').map((event) => event.data);
      const event = { type: 'message.send', timestamp: new Date(clock.at).toISOString(), version: 1 };
      const body = Buffer.from(JSON.stringify({ ...event, data: { case_id, seq, message_id: `m_fade${seq}`, text } }));
      const headers = sign([secret], webhookId('messages', case_id, 'message.send', seq), body, clock.at);
      return fromDesk({ world, replies, channels: new Map([[channel.name, channel]]), secrets: [secret] }, headers, body);
    },
    async stop() {
      replies.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await world.keep.destroy();
    },
  };
}

const attribute = (html: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(html)?.[1] ?? '';

/** Somebody's browser without scripts: keeps its cookie, follows where it is led, presses what it sees. */
export function makeReader(web: TestWeb, headers: Record<string, string> = {}) {
  let cookie = '';
  let page = '';
  const request = async (path: string, form?: Record<string, string>): Promise<Response> => {
    web.clock.at += 3_000;
    const response = await fetch(`${web.base}${path}`, {
      redirect: 'manual',
      headers: { cookie, 'accept-language': 'en', ...(form && { 'sec-fetch-site': 'same-origin' }), ...headers },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      cookie = pair.endsWith('=') ? '' : pair;
    }
    return response;
  };
  const follow = async (response: Response): Promise<Response> => {
    const to = response.headers.get('location');
    const last = to === null ? response : await request(to);
    page = await last.text();
    return last;
  };
  const reader = {
    request,
    cookie: () => cookie,
    /** What the cookie says. */
    person: () => cookie.split('=')[1] ?? '',
    keeps: (other: string) => {
      cookie = other;
    },
    page: () => page,
    open: async (path = '/chat') => follow(await request(path)),
    /** The hidden id of the form with the buttons. */
    formId: () => attribute(page.slice(page.indexOf('class="choices"')), 'value'),
    /** The id of the button whose code this is. */
    button: (code: string) =>
      [...page.matchAll(/name="choice" value="([^"]*)"/g)].map((one) => one[1] ?? '').find((id) => id.endsWith(code)) ?? '',
    press: async (code: string) => follow(await request('/chat', { id: reader.formId(), choice: reader.button(code) })),
    writes: async (text: string) => follow(await request('/chat', { id: `${reader.formId()}t`, text })),
    leaves: async () => follow(await request('/chat/leave', {})),
    /** How many messages stand on the page. */
    count: () => page.match(/<article/g)?.length ?? 0,
  };
  return reader;
}
