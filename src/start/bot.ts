// The bot's side put together: the conversation on its stores, and every channel that is turned on.
import type { Channel, ChannelName } from '../channel/channel.ts';
import { makeTelegram, type Telegram } from '../channel/telegram.ts';
import { makeWeb } from '../channel/web.ts';
import type { Transcript } from '../channel/web-transcript.ts';
import type { Whatsapp } from '../channel/whatsapp.ts';
import type { Mark } from '../channel/whatsapp-inbox.ts';
import type { Config } from '../config.ts';
import { makeReceive } from '../conversation/receive.ts';
import { makeReplies } from '../conversation/reply.ts';
import { standing } from '../conversation/standing.ts';
import type { World } from '../conversation/world.ts';
import { crisisIn } from '../flow/understand.ts';
import { lookUp } from '../link/code.ts';
import { codeOf, type Log } from '../log.ts';
import { eraseUnused } from '../store/consents.ts';
import { isOutage, makeForget } from '../store/forget.ts';
import type { Forgetful } from '../store/forgetful.ts';
import { makeLock } from '../store/lock.ts';
import { makeIndex } from '../store/seal.ts';
import { makeSealed, makeSessions } from '../store/sessions.ts';
import { makeStepCounts } from '../store/step-counts.ts';
import type { Content } from '../text/content.ts';
import { commandSets } from './commands.ts';
import type { Stores } from './stores.ts';
import { openWhatsapp } from './whatsapp.ts';

const hour = 3_600_000;
const yearMs = 365 * 24 * hour;

type Given = {
  config: Config;
  content: Content;
  stores: Stores;
  store: Forgetful;
  log: Log;
  /** Whether somebody can read a protection request. */
  protection: () => Promise<boolean>;
  wake: () => void;
  onPairing: (code: string | null) => void;
};

export function makeBot({ config, content, stores, store, log, protection, wake, onPairing }: Given) {
  const { keep, seal } = stores;
  const index = makeIndex(stores.indexKey);
  const forget = (namespace: string) => makeForget(store, namespace, () => log.error('the session store failed'));
  const ttl = config.SESSION_TTL_HOURS * hour;
  const probe = forget('ready');
  const counts = new Map<string, number>();
  const steps = makeStepCounts(forget('steps'), Date.now);
  const world: World = {
    content,
    keep,
    seal,
    sessions: makeSessions(forget('session'), seal, ttl),
    lock: makeLock(store.lease),
    index,
    log,
    now: Date.now,
    mode: config.MODE,
    days: { contact: config.CONTACT_UNANSWERED_DAYS, unclaimed: config.CASE_UNCLAIMED_DAYS },
    protectionStaff: protection,
    partner: async (code) => {
      const found = await lookUp(keep, index, code, Date.now());
      return 'refused' in found ? null : { code: found.code, name: found.name };
    },
    wake,
    count(step) {
      counts.set(step, (counts.get(step) ?? 0) + 1);
      steps.count(step);
    },
  };
  const replies = makeReplies(log);
  const channels = new Map<ChannelName, Channel>();
  const hash = (text: string) => index('log', text).slice(0, 12);
  const words = (lang: string, key: string, values?: Record<string, string>) => content.catalog.text(lang, 'chat', key, values);

  // Of its own, because within a page's turn the conversation takes the person's.
  const pages = makeLock(store.lease);
  const web =
    config.WEB_CHAT === 'off'
      ? null
      : makeWeb({
          transcripts: makeSealed<Transcript>(forget('transcript'), seal, 'transcript', ttl),
          knows: (person) => standing(world, 'web', person),
          crisis: (text) => crisisIn(text, content.words) !== null,
          leave: (person) => world.sessions.forget(index('person', 'web', person)),
          inOrder: (person, work) => pages(index('page', person), work),
          hash: (text) => index('web', text),
          text: words,
          direction: content.catalog.direction,
          languages: content.flow.languages,
          publicUrl: config.PUBLIC_URL,
          now: Date.now,
          log,
        });
  if (web !== null) channels.set('web', web.channel);
  let telegram: Telegram | null = null;
  if (config.TELEGRAM_BOT_TOKEN !== undefined) {
    const remembered = forget('commands');
    const owed = makeSealed<Record<string, string>>(forget('telegram-owed'), seal, 'telegram-owed', ttl);
    const secret = config.TELEGRAM_WEBHOOK_SECRET ?? stores.telegramSecret;
    telegram = makeTelegram({
      token: config.TELEGRAM_BOT_TOKEN,
      apiRoot: config.TELEGRAM_API_ROOT,
      log,
      hash,
      now: Date.now,
      isOutage,
      commands: commandSets(content),
      cache: (what) => ({
        get: () => remembered.get(`telegram-${what}`),
        set: (value) => remembered.set(`telegram-${what}`, value, yearMs),
      }),
      owed: { load: () => owed.load('polling'), save: (value) => owed.save('polling', value) },
      ...(config.TELEGRAM_MODE === 'webhook' ? { webhook: { url: `${config.PUBLIC_URL}/telegram`, secret } } : {}),
    });
    channels.set('telegram', telegram);
  }
  let whatsapp: Whatsapp | null = null;
  if (config.WHATSAPP === 'on') {
    const marks = makeSealed<Mark>(forget('whatsapp'), seal, 'whatsapp', ttl);
    const links = makeSealed<string>(forget('whatsapp-link'), seal, 'whatsapp-link', ttl);
    const keyOf = (person: string) => index('person', 'whatsapp', person);
    whatsapp = openWhatsapp({ config, log, hash, keyOf, marks, links, isOutage, onPairing });
    channels.set('whatsapp', whatsapp);
  }

  const saveSteps = () => steps.flush().catch((error) => log.error('step counts could not be saved', { code: codeOf(error) }));
  // What has expired is hidden at once; here it leaves the disk. A consent whose session is gone goes too.
  const sweep = () => {
    void saveSteps();
    store.purge();
    stores.settle().catch((error) => log.error('deleted bytes could not be moved out', { code: codeOf(error) }));
    eraseUnused(keep, Date.now() - ttl).catch((error) => log.error('unused consents could not be erased', { code: codeOf(error) }));
  };
  const sweeper = setInterval(sweep, 60_000);
  sweeper.unref();

  return {
    world,
    replies,
    channels,
    web,
    telegram,
    whatsapp,
    counts,
    steps,
    async start() {
      sweep();
      for (const channel of channels.values())
        channel
          .start(makeReceive(world, channel, replies))
          .catch((error) => log.error('a channel ended', { channel: channel.name, code: codeOf(error) }));
    },
    /** New messages are no longer taken; those in hand are finished. */
    async stop() {
      clearInterval(sweeper);
      await Promise.all([...channels.values()].map((channel) => channel.stop()));
      replies.stop();
      await saveSteps();
    },
    /** Rejects while what must be forgotten can be neither read nor written; false too while it might be forgotten too early. */
    async reachable() {
      await probe.set('ready', '1', 60_000);
      const sound = (await store.findings()).length === 0;
      if (!sound) log.error('the session store may forget without telling: see REDIS_URL');
      return sound && (await probe.get('ready')) === '1';
    },
  };
}
