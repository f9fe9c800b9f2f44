// The real adapter and the real grammY against the strict stand-in, for the Telegram tests. Importing
// it checks after every test that the stand-in has nothing to complain of and the log knows nobody.
import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Body, Channel, Choice, Incoming, Message } from '../../src/channel/channel.ts';
import { makeTelegram, type Telegram } from '../../src/channel/telegram.ts';
import type { TelegramOptions } from '../../src/channel/telegram-options.ts';
import { makeApp } from '../../src/http/app.ts';
import { makeLog } from '../../src/log.ts';
import { type BotApi, startBotApi } from './bot-api/server.ts';

export let api: BotApi;
/** The log. */
let lines: string[];
/** What `receive` was given. */
export let heard: Incoming[];
/** The waits that were asked for, in milliseconds; none is waited out. */
export let waits: number[];
let running: Channel[];
let servers: Server[];
const canaries = ['Zohra-canary', 'canary', '70000', 'TEST_TOKEN', 't.me', 'sendMessage'];

beforeEach(async () => {
  api = await startBotApi();
  [lines, heard, waits, running, servers] = [[], [], [], [], []];
});

afterEach(async () => {
  for (const channel of running) await channel.stop();
  await api.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  expect(api.violations).toEqual([]);
  for (const canary of canaries) expect(lines.join('')).not.toContain(canary);
});

const log = makeLog(
  (line) => lines.push(line),
  () => new Date(0),
);

export function make(options: Partial<TelegramOptions> = {}): Telegram {
  const channel = makeTelegram({
    token: api.token,
    apiRoot: api.root,
    log,
    hash: (text) => createHmac('sha256', 'key of the test').update(text).digest('hex').slice(0, 12),
    now: () => 1_700_000_000_000,
    ...options,
    pace: {
      wait: async (ms) => {
        waits.push(ms);
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
      patienceMs: 15_000,
      ...options.pace,
    },
  });
  running.push(channel);
  return channel;
}

/** A server of our own to which Telegram can bring updates; what answers there may change. */
export async function serve() {
  let now: Telegram | undefined;
  const app = makeApp({
    trustProxy: 0,
    log,
    mount: (on) => on.use((request, response, next) => (now?.router ? now.router(request, response, next) : next())),
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  servers.push(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram`,
    host(channel: Telegram): Telegram {
      now = channel;
      return channel;
    },
  };
}

/** A started channel whose `receive` notes what it hears and then does what the test says. */
export async function launch(
  then: (incoming: Incoming, channel: Channel) => Promise<unknown> = async () => {},
  options: Partial<TelegramOptions> = {},
) {
  const channel = make(options);
  await channel.start(async (incoming) => {
    heard.push(incoming);
    await then(incoming, channel);
  });
  return channel;
}

export const bodies = (): Body[] => heard.map(({ body }) => body);
export const said = (): string[] => bodies().map((body) => (body.kind === 'text' ? body.text : body.kind));
/** Waited for with a hang limit far above what it takes. */
export const eventually = <T>(what: () => T) => expect.poll(what, { timeout: 15_000, interval: 5 });
export const allConfirmed = () =>
  api.waitFor(() => api.pending().length === 0 && (api.polling() || api.webhook().url !== ''), 'everything to be confirmed');
export const person = (name = 'Zohra-canary') => api.person({ name });
export const eventsOf = (event: string) => lines.filter((line) => line.includes(`"event":"${event}"`));
export const choice = (id: string, label: string, kind: Choice['kind'] = 'answer'): Choice => ({ id, label, kind });
let nextId = 0;
export const message = (text: string, more: Partial<Message> = {}): Message => ({
  id: `m${nextId++}`,
  text,
  language: 'en',
  direction: 'ltr',
  choices: [],
  ...more,
});

/** A started channel and a person who has written, so that the bot may answer. */
export async function known() {
  const channel = await launch();
  const zohra = person();
  zohra.says('hi');
  await allConfirmed();
  return { channel, zohra, to: String(zohra.id) };
}
