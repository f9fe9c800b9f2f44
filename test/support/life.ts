import type { Channel, Message, SendResult } from '../../src/channel/channel.ts';
import { makeExchange } from '../../src/channel/web-exchange.ts';
import type { Transcript } from '../../src/channel/web-transcript.ts';
import { finishErasures as finishAtBot } from '../../src/conversation/erase.ts';
import { fromDesk } from '../../src/conversation/from-desk.ts';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { standing } from '../../src/conversation/standing.ts';
import { finishErasures as finishAtDesk } from '../../src/desk/erase.ts';
import { fromOutside } from '../../src/desk/hook-in.ts';
import { finishAll } from '../../src/desk/outside-acts.ts';
import { fromBot } from '../../src/desk/receive.ts';
import { sweep } from '../../src/desk/sweep.ts';
import { crisisIn } from '../../src/flow/understand.ts';
import { makeCourier } from '../../src/handoff/courier.ts';
import { makeRound } from '../../src/handoff/deliver.ts';
import { Undelivered } from '../../src/handoff/send.ts';
import type { SignedHeaders } from '../../src/handoff/sign.ts';
import { statusOf } from '../../src/http/problem.ts';
import { eraseUnused } from '../../src/store/consents.ts';
import { watch } from '../../src/store/crash.ts';
import { releaseDeliveries } from '../../src/store/deliveries.ts';
import { dropSpareKeys } from '../../src/store/erase.ts';
import { makeForget } from '../../src/store/forget.ts';
import { openKeep } from '../../src/store/keep.ts';
import { type KeyTables, openKeys } from '../../src/store/keys.ts';
import { openKeyvSqlite } from '../../src/store/keyv-sqlite.ts';
import { forgetHandled, releaseLeases } from '../../src/store/outbox.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { makeSealed } from '../../src/store/sessions.ts';
import { sqliteDb, truncateLog } from '../../src/store/sqlite.ts';
import type { makeElsewhere } from './elsewhere.ts';
import { deskOn } from './stores.ts';
import { makeWorld } from './talk.ts';

const key = Buffer.alloc(32, 7);
const secrets = [`whsec_${Buffer.alloc(32, 3).toString('base64')}`];
const day = 86_400_000;

/** What is thrown where a killed process would be no more. */
class Killed extends Error {
  override name = 'Killed';
}

const diskFull = () => Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });

/** Bot and desk to each other, and to the case system: how the line is. */
export type Line = 'sound' | 'down' | 'answer lost' | 'twice';
type Target = 'cases' | 'messages' | 'elsewhere';

export type Faults = {
  /** Of the present life, counted from the last `arm`. */
  asked: number;
  lasting: number;
  /** The process is killed after so many lasting steps. */
  killAfter: number;
  /** So many calls to a store fail, from the one with this number on. */
  failAt: number;
  failFor: number;
  /** The test itself is looking: nothing fails and nothing counts. */
  aside: boolean;
  lines: Record<Target, Line>;
  /** What the platform answers to a message, where it is not taken at once. */
  slow: () => SendResult | null;
};

export type Life = Awaited<ReturnType<typeof begin>>;
type Given = {
  paths: Record<'keep' | 'keys' | 'forget', string>;
  clock: { at: number };
  logged: string[];
  faults: Faults;
  elsewhere: ReturnType<typeof makeElsewhere>;
  shown: (person: string, message: Message) => void;
};

/** A process on these stores. */
export async function begin({ paths, clock, logged, faults, elsewhere, shown }: Given) {
  const mine = { dead: false };
  const alive = () => {
    if (mine.dead) throw new Killed();
  };
  watch({
    before() {
      alive();
      if (faults.aside) return;
      faults.asked += 1;
      const since = faults.asked - faults.failAt;
      if (faults.failAt > 0 && since >= 0 && since < faults.failFor) throw diskFull();
    },
    after() {
      alive();
      if (faults.aside) return;
      faults.lasting += 1;
      mine.dead = faults.lasting === faults.killAfter;
      alive();
    },
  });
  const now = () => clock.at;
  const keep = await openKeep(paths.keep);
  const keyDb = sqliteDb<KeyTables>(paths.keys);
  const seal = await openKeys(keyDb, makeSeal([key]), now, () => truncateLog(keyDb));
  const store = openKeyvSqlite(paths.forget, now);
  const { world } = await makeWorld({}, { keep, seal, store, clock, logged });
  const desk = { ...deskOn({ keep, seal, auditKey: key, indexKey: key, secrets }, now), addresses: { hosts: null, loopback: true } };
  const replies = makeReplies(world.log);

  const telegram: Channel = {
    name: 'telegram',
    capabilities: { choices: 'buttons', maxText: 4096 },
    start: async () => {},
    async send(person, message) {
      alive();
      const outcome = faults.slow() ?? { sent: true };
      if ('sent' in outcome) shown(person, message);
      return outcome;
    },
    health: () => ({ state: 'ready' }),
    stop: async () => {},
  };
  const { catalog, flow } = world.content;
  const exchange = makeExchange({
    transcripts: makeSealed<Transcript>(
      makeForget(store, 'transcript', () => {}),
      seal,
      'transcript',
      day,
    ),
    knows: (person) => standing(world, 'web', person),
    crisis: (text) => crisisIn(text, world.content.words) !== null,
    leave: (person) => world.sessions.forget(world.index('person', 'web', person)),
    hash: (text) => world.index('web', text),
    text: (lang, name) => catalog.text(lang, 'chat', name),
    direction: catalog.direction,
    languages: flow.languages,
    publicUrl: 'http://localhost',
    inOrder: (person, work) => world.lock(world.index('page', person), work),
    now,
    log: world.log,
  });
  const channels = new Map([telegram, exchange.channel].map((channel) => [channel.name, channel]));
  const receive = makeReceive(world, telegram, replies);
  await exchange.channel.start(makeReceive(world, exchange.channel, replies));

  const arrived: Record<Target, (headers: SignedHeaders, body: Buffer) => Promise<number>> = {
    async cases(headers, body) {
      const answer = await fromBot(desk, headers, body);
      return 'problem' in answer ? statusOf(answer.problem) : answer.status;
    },
    messages: async (headers, body) => (await fromDesk({ world, replies, channels, secrets }, headers, body)).status,
    elsewhere: async (headers, body) => elsewhere.takes(headers, body, now()),
  };
  /** As over a network: a side that breaks answers 500, and an answer may get lost. */
  const posted = async (target: Target, headers: SignedHeaders, body: Buffer): Promise<number> => {
    alive();
    const line = faults.lines[target];
    if (line === 'down') throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const once = () => arrived[target](headers, body).catch(() => 500);
    const status = await once();
    if (line === 'twice') await once();
    alive();
    if (line === 'answer lost') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    return status;
  };
  const { log } = world;
  const round = makeRound({
    keep,
    seal,
    secrets,
    log,
    now,
    urls: { cases: 'cases', messages: 'messages' },
    post: (url, headers, body) => posted(url as Target, headers, body),
  });
  const courier = makeCourier({
    keep,
    seal,
    log,
    now,
    async send(_, headers, body) {
      const lost = () => Promise.reject(mine.dead ? new Killed() : new Undelivered('reset'));
      return { status: await posted('elsewhere', headers, body).catch(lost), retryAfterMs: null };
    },
    disabled: async () => {},
  });

  return {
    mine,
    world,
    desk,
    receive,
    web: exchange.web,
    /** What a case system elsewhere says: the status it is answered, and the deed that follows the answer. */
    async outside(endpoint: string, headers: SignedHeaders, body: Buffer): Promise<number> {
      const answer = await fromOutside(desk, endpoint, { ...headers, 'content-type': 'application/json' }, body);
      await finishAll(desk);
      return 'problem' in answer ? statusOf(answer.problem) : answer.status;
    },
    /** One look at everything that waits to be told to somebody. */
    async look() {
      await round();
      await courier.round();
    },
    /** What the service does every hour. */
    async upkeep() {
      store.purge();
      await eraseUnused(keep, now() - day);
      await Promise.all([finishAtDesk(desk), finishAtBot(world)]);
      await sweep(desk, { contact: 14, unclaimed: 30, idle: 90, closed: 0, keeps: {} });
      await forgetHandled(keep, now());
      for (const side of ['desk', 'bot'] as const) await dropSpareKeys(keep, seal, side, now());
    },
    /** What the service does when it starts. */
    async start() {
      await releaseLeases(keep);
      await releaseDeliveries(keep);
      await finishAll(desk);
      await Promise.all([finishAtDesk(desk), finishAtBot(world)]);
    },
    async end() {
      mine.dead = true;
      replies.stop();
      await keep.destroy();
      await seal.close();
      await store.close();
    },
  };
}
