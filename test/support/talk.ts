// A person at a phone that shows buttons or numbers, before the real conversation on stores in memory.
import type { Body, Capabilities, Channel, ChannelName, Message, SendResult } from '../../src/channel/channel.ts';
import { fromDesk } from '../../src/conversation/from-desk.ts';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import type { World } from '../../src/conversation/world.ts';
import { sign } from '../../src/handoff/sign.ts';
import { lookUp } from '../../src/link/code.ts';
import { makeLog } from '../../src/log.ts';
import { makeForget } from '../../src/store/forget.ts';
import type { Forgetful } from '../../src/store/forgetful.ts';
import type { Keep } from '../../src/store/keep.ts';
import type { Seals } from '../../src/store/keys.ts';
import { openKeyvSqlite } from '../../src/store/keyv-sqlite.ts';
import { makeLock } from '../../src/store/lock.ts';
import { webhookId } from '../../src/store/outbox.ts';
import { makeIndex } from '../../src/store/seal.ts';
import { makeSessions } from '../../src/store/sessions.ts';
import { type Content, loadContent } from '../../src/text/content.ts';
import { emptyKeep } from './keeps.ts';
import { queuedEvents, testSeals } from './seals.ts';

let shipped: Promise<Content> | undefined;

/** The flows and locales of the product. */
export function shippedContent(): Promise<Content> {
  shipped ??= loadContent('flows', 'locales', 'demo').then((content) => {
    if ('findings' in content) throw new Error(content.findings.join('\n'));
    return content;
  });
  return shipped;
}

export const noon = Date.UTC(2026, 10, 24, 12);
const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

export type Setting = {
  content?: Content;
  channel?: ChannelName;
  choices?: Capabilities['choices'];
  protectionStaff?: boolean;
  /** Other addresses the channel knows the person by. */
  formerly?: string[];
  /** What the platform answers to each send. */
  outcome?: () => SendResult;
};

/** Stores that are there already, and what outlives a process. */
export type On = { keep: Keep; seal: Seals; store: Forgetful; clock: { at: number }; logged: string[]; wake?: () => void };

export async function makeWorld(setting: Setting = {}, on?: On) {
  const key = Buffer.alloc(32, 7);
  const seal = on?.seal ?? (await testSeals(key));
  const logged = on?.logged ?? [];
  const log = makeLog(
    (line) => logged.push(line),
    () => new Date(noon),
  );
  const clock = on?.clock ?? { at: noon };
  const store = on?.store ?? openKeyvSqlite(':memory:', () => clock.at);
  const world: World = {
    content: setting.content ?? (await shippedContent()),
    keep: on?.keep ?? (await emptyKeep()),
    seal,
    sessions: makeSessions(
      makeForget(store, 'session', () => {}),
      seal,
      24 * 3_600_000,
    ),
    lock: makeLock(),
    index: makeIndex(key),
    log,
    now: () => clock.at,
    mode: 'demo',
    days: { contact: 14, unclaimed: 30 },
    protectionStaff: async () => setting.protectionStaff ?? true,
    partner: async (code) => {
      const found = await lookUp(world.keep, world.index, code, clock.at);
      return 'refused' in found ? null : found;
    },
    wake: on?.wake ?? (() => {}),
    count: () => {},
  };
  return { world, clock, logged, store };
}

export type Built = Awaited<ReturnType<typeof makeWorld>>;

/** Somebody at a phone. Several may stand before one world. */
export async function makeTalk(setting: Setting = {}, built?: Built, name = 'person-1') {
  const { world, clock, logged } = built ?? (await makeWorld(setting));
  const seen: Message[] = [];
  const channel: Channel = {
    name: setting.channel ?? 'telegram',
    capabilities: { choices: setting.choices ?? 'buttons', maxText: 4096 },
    start: async () => {},
    async send(_, message) {
      const outcome = setting.outcome?.() ?? { sent: true };
      if ('sent' in outcome) {
        if (message.replaces && seen.length > 0) seen.pop();
        seen.push(message);
      }
      return outcome;
    },
    health: () => ({ state: 'ready' }),
    stop: async () => {},
  };
  const replies = makeReplies(log(world));
  const receive = makeReceive(world, channel, replies);
  let count = 0;
  let mark = 0;
  /** People take a moment between messages; `arrives` alone does not. */
  const moment = () => {
    clock.at += 3_000;
  };
  const arrives = async (body: Body, id = `i${++count}`, language = 'en', late = false) => {
    mark = seen.length;
    const { formerly } = setting;
    await receive({ channel: channel.name, person: name, ...(formerly ? { formerly } : {}), id, sentAt: clock.at, body, language, late });
  };
  const last = () => seen.findLast((message) => message.choices.length > 0) ?? seen.at(-1);
  const code = (label: string) => {
    const choice = last()?.choices.find((one) => one.label === label || one.id.endsWith(`.${label}`));
    if (choice === undefined)
      throw new Error(
        `no button ${label}; there are: ${last()
          ?.choices.map((one) => one.id)
          .join(' ')} under: ${last()?.text}`,
      );
    return choice.id;
  };
  const talk = {
    world,
    clock,
    logged,
    seen,
    arrives,
    starts: (language = 'en') => arrives({ kind: 'start' }, undefined, language),
    says: (text: string) => {
      moment();
      return arrives({ kind: 'text', text });
    },
    sends: (what: Extract<Body, { kind: 'unsupported' }>['what']) => arrives({ kind: 'unsupported', what }),
    /** By label, or by code such as `yes` or `~back`. */
    async taps(...labels: string[]) {
      for (const label of labels) await talk.tapsId(code(label));
    },
    async tapsId(id: string) {
      moment();
      const dot = id.indexOf('.');
      await arrives({ kind: 'choice', stamp: id.slice(0, dot), code: id.slice(dot + 1) });
    },
    buttons: () => last()?.choices.map((one) => one.id.slice(one.id.indexOf('.') + 1)) ?? [],
    labels: () => last()?.choices.map((one) => one.label) ?? [],
    last: () => last(),
    /** What the last message of theirs was answered with. */
    answer: () =>
      seen
        .slice(mark)
        .map((message) => message.text)
        .join('\n---\n'),
    /** Rows of every table, to see what is kept of a person. */
    async rows() {
      const tables = ['consents', 'addresses', 'outbox', 'kept', 'handled', 'cases', 'messages', 'notes', 'audit'] as const;
      const counts = await Promise.all(
        tables.map(
          async (table) =>
            [
              table,
              await world.keep
                .selectFrom(table)
                .select((q) => q.fn.countAll<number>().as('n'))
                .executeTakeFirstOrThrow(),
            ] as const,
        ),
      );
      return Object.fromEntries(counts.map(([table, row]) => [table, Number(row.n)]));
    },
    /** Events waiting for the desk, opened. */
    async events() {
      return queuedEvents(world.keep, world.seal);
    },
    /** The desk sends an event to the bot. */
    async desk(type: string, data: { case_id: string; seq: number; [key: string]: unknown }) {
      mark = seen.length;
      const body = Buffer.from(JSON.stringify({ type, timestamp: new Date(clock.at).toISOString(), version: 1, data }));
      const headers = sign([secret], webhookId('messages', data.case_id, type, data.seq), body, clock.at);
      return fromDesk({ world, replies, channels: new Map([[channel.name, channel]]), secrets: [secret] }, headers, body);
    },
    session: () => world.sessions.load(world.index('person', channel.name, name)),
  };
  return talk;
}

const log = (world: World) => world.log;

export type Talk = Awaited<ReturnType<typeof makeTalk>>;
