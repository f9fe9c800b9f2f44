// Puts the rooms together: settings, content, stores, channels, desk, one HTTP server. Starts all of
// it or nothing, tells what is on and how to turn on what is not, and ends without losing anything.
import type { AddressInfo } from 'node:net';
import express from 'express';
import { readConfig } from './config.ts';
import { fromDesk } from './conversation/from-desk.ts';
import { makeApi } from './desk/api.ts';
import { deskFigures } from './desk/figures.ts';
import { makeOutsideIn } from './desk/hook-in.ts';
import { makeErrorPage } from './desk/layout.ts';
import { makeHooksIn } from './desk/receive.ts';
import { makeDesk } from './desk/routes.ts';
import { makeSetUpLink } from './desk/sign-in.ts';
import { makeStaffHook } from './desk/staff.ts';
import { type Deliver, startDeliver } from './handoff/deliver.ts';
import { makeApp } from './http/app.ts';
import { type Gauge, makeHealth, prometheus } from './http/health.ts';
import { squares } from './link/qr.ts';
import { makeLinks } from './link/routes.ts';
import { codeOf, makeLog } from './log.ts';
import { standAlone } from './start/alone.ts';
import { makeBot } from './start/bot.ts';
import { makeConsole } from './start/console.ts';
import { makeLinkParts } from './start/links.ts';
import { type Outside, outsideFigures, startOutside } from './start/outside.ts';
import { makePrinter } from './start/pairing.ts';
import { productionFindings } from './start/production.ts';
import { orRefuse, refuse } from './start/refuse.ts';
import { watchStaff } from './start/staff.ts';
import { openForgetful, openStores, pathsOf } from './start/stores.ts';
import { startUpkeep } from './start/upkeep.ts';
import { whatsappFindings } from './start/whatsapp.ts';
import { killedAfter, watch, watched } from './store/crash.ts';
import { tryWriting } from './store/keep.ts';
import { asideCount, oldestAge, releaseLeases, stuckEvents } from './store/outbox.ts';
import { protectionStaff } from './store/people.ts';
import { loadContent } from './text/content.ts';

const read = readConfig(process.env);
if ('findings' in read) refuse(read.findings);
let config = read;
const loaded = await loadContent(config.FLOWS_DIR, config.LOCALES_DIR, config.MODE);
if ('findings' in loaded) refuse(loaded.findings);
const content = loaded;
if (config.MODE === 'production') {
  const findings = productionFindings(config, content, new Date().toISOString().slice(0, 10));
  // Only a verdict already reached counts here: start does not wait for the proof.
  const { rememberedProof } = await import('./start/proof.ts');
  for (const { where, rule, message } of rememberedProof(config, content)?.findings ?? []) findings.push(`${where}: ${rule} ${message}`);
  if (findings.length > 0) refuse(findings);
}

const withoutBrowser = whatsappFindings(config);
if (withoutBrowser.length > 0) refuse(withoutBrowser);

const log = makeLog(
  (line) => process.stderr.write(line),
  () => new Date(),
);
/** Conversations and the desk: both in one process, or each in its own. */
const chats = config.ROLE !== 'desk';
const staffed = config.ROLE !== 'bot';
const lost = () => log.warn('a connection to the database was lost');
if (config.CRASH_AT !== undefined) watch(killedAfter(config.CRASH_AT));
const stores = orRefuse(await openStores(config, 'refuse', pathsOf(config), lost));
const alone = await standAlone(config, (duty) => {
  log.error('another process has taken over', { code: duty });
  void stop();
});

const forgetful = chats ? orRefuse(await openForgetful(config, () => log.warn('the session store is out of reach'))) : null;
// Out of reach is no finding: the chat says so and goes on when it is back.
const unsound = (await forgetful?.findings().catch(() => [])) ?? [];
if (unsound.length > 0) refuse(unsound);

let deliver: Deliver | null = null;
let upkeep: ReturnType<typeof startUpkeep> | null = null;
let outside: Outside | null = null;
let stopping = false;
const wake = () => {
  deliver?.wake();
  outside?.wake();
};
// The listening port may be chosen by the system (PORT=0): addresses are known only then.
const router = express.Router();
const app = makeApp({
  trustProxy: config.TRUST_PROXY,
  log,
  mount: (on) => on.use(router),
  ...(staffed ? { errorPage: (code, id, request) => makeErrorPage(desk)(code, id, request) } : {}),
});
const server = app.listen(config.PORT, config.HOST);
await new Promise<void>((resolve, reject) => {
  server.once('listening', resolve);
  server.once('error', reject);
}).catch((error) => refuse([`PORT: cannot listen on ${config.HOST}:${config.PORT} (${codeOf(error)})`]));
const { port } = server.address() as AddressInfo;
if (config.PORT === 0) config = Object.freeze({ ...config, PUBLIC_URL: config.PUBLIC_URL.replace(/:0$/, `:${port}`) });

const desk = makeConsole(config, content, stores, log, wake);
const onPairing = makePrinter((text) => process.stdout.write(text), staffed ? `${config.PUBLIC_URL}/desk/channels` : null);
const staff = staffed ? null : watchStaff(config, stores.secrets);
const protection = staff?.protection ?? (() => protectionStaff(stores.keep));
const bot = forgetful && makeBot({ config, content, stores, store: forgetful, log, protection, wake, onPairing });
const channels = [...(bot?.channels.values() ?? [])];
if (bot !== null) {
  desk.steps = bot.steps.month;
  desk.channels = () =>
    channels.map((channel) => {
      const code = channel.name === 'whatsapp' ? (bot.whatsapp?.pairing() ?? null) : null;
      return { name: channel.name, ...channel.health(), ...(code === null ? {} : { code: squares(code, 'L') }) };
    });
}
const own = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
const urls = { cases: config.HANDOFF_URL ?? `${own}/hooks/cases`, messages: config.MESSAGES_URL ?? `${own}/hooks/messages` };

const figures = async (): Promise<Gauge[]> => [
  {
    name: 'avr_outbox_oldest_seconds',
    help: 'Age of the oldest undelivered event',
    value: (await oldestAge(stores.keep, Date.now())) / 1000,
  },
  { name: 'avr_outbox_stuck', help: 'Undelivered events tried ten times and more', value: await stuckEvents(stores.keep) },
  ...channels.map((channel) => ({
    name: 'avr_channel_ready',
    help: '1 while the channel works',
    value: channel.health().state === 'ready' ? 1 : 0,
    labels: { channel: channel.name },
  })),
  ...[...(bot?.counts ?? [])].map(([step, value]) => ({
    name: 'avr_steps',
    help: 'Times a step was reached since start',
    value,
    labels: { step },
  })),
  { name: 'avr_outbox_aside', help: 'Events between bot and desk that nobody takes', value: await asideCount(stores.keep) },
  ...(staffed ? [...(await deskFigures(desk)), ...(await outsideFigures(desk))] : []),
  ...(upkeep?.figures() ?? []),
];
// Whoever brought something and was answered takes it for done: that lasts too.
if (config.CRASH_AT !== undefined)
  router.use((request, response, next) => {
    if (request.method === 'POST') response.once('finish', watched().after);
    next();
  });
const writable = () => tryWriting(stores.keep).then(() => true);
const channelsUp = () => channels.every((channel) => channel.health().state !== 'down');

const checks = { sql: writable, ...(bot && { sessions: bot.reachable, channels: channelsUp }), staying: () => !stopping };
router.use(makeHealth(checks, async () => prometheus(await figures())));
if (bot !== null) mountBot(bot);
if (staffed) {
  router.use('/hooks', makeHooksIn(desk), makeStaffHook(desk), makeOutsideIn(desk));
  router.use('/api/v1', makeApi(desk));
  router.use('/desk', makeDesk(desk));
}
router.get('/', (_, response) => response.redirect(303, bot?.web ? '/chat' : '/desk'));

const shared = config.DATABASE_URL !== undefined;
if (!shared) await releaseLeases(stores.keep);
deliver = startDeliver({ keep: stores.keep, seal: stores.seal, urls, secrets: stores.secrets, log, now: Date.now, shared });
if (staffed) outside = await startOutside(desk, shared);
const notices = config.SMTP_URL === undefined || !staffed ? null : (await import('./start/notices.ts')).startNotices(config, desk);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
await bot?.start();
upkeep = startUpkeep({ content, stores, desk: staffed ? desk : null, world: bot?.world ?? null, wake, log, outside });
await announce();
// Loaded only now, so that nobody waits for it.
const { watchProof } = await import('./start/proof.ts');
watchProof(config, content, log);

function mountBot({ world, replies, channels, web, telegram }: NonNullable<typeof bot>): void {
  router.post('/hooks/messages', express.raw({ type: () => true, limit: '64kb', inflate: false }), async (request, response) => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await fromDesk({ world, replies, channels, secrets: stores.secrets }, request.headers, raw);
    response.status(answer.status).json(answer.body ?? {});
  });
  if (web !== null) router.use(web.api, web.pages);
  if (telegram?.router) router.use(telegram.router);
  router.use(makeLinks(makeLinkParts(config, content, stores, log, channels)));
}

async function announce(): Promise<void> {
  const at = (path: string) => `${config.PUBLIC_URL}${path}`;
  const setUp = staffed ? await makeSetUpLink(desk) : null;
  const elsewhere = `elsewhere (ROLE=${config.ROLE})`;
  const lines = [
    `avr-bot is ready (MODE=${config.MODE}).`,
    `Web chat     ${bot === null ? elsewhere : bot.web === null ? 'off (WEB_CHAT=off)' : at('/chat')}`,
    `Telegram     ${bot === null ? elsewhere : bot.telegram === null ? 'off; set TELEGRAM_BOT_TOKEN to turn it on' : `on, by ${bot.telegram.router === null ? 'long polling' : `webhook at ${at('/telegram')}`}`}`,
    `WhatsApp     ${bot === null ? elsewhere : bot.whatsapp === null ? 'off; set WHATSAPP=on to turn it on' : `on; paired or to be paired ${staffed ? `at ${at('/desk/channels')}` : 'with the code that is printed here'}`}`,
    `Desk         ${staffed ? at('/desk') : elsewhere}`,
    `Desk API     ${!staffed ? elsewhere : config.DESK_API_TOKEN === undefined ? 'off; set DESK_API_TOKEN to turn it on' : at('/api/v1/cases')}`,
    ...(stores.sealGenerated ? [`Warning      the sealing key lies in ${config.DATA_DIR}; set SEAL_KEY for real use`] : []),
    ...(setUp === null ? [] : [`First account (single use, 30 minutes): ${setUp}`]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Whatever hangs, the process ends; a kill loses nothing that was acknowledged.
  setTimeout(() => process.exit(1), 10_000).unref();
  upkeep?.stop();
  // What is on its way in already is still read.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const closed = new Promise((resolve) => server.close(resolve));
  // Whoever is being answered is answered; a page that only listens is let go.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  staff?.stop();
  await bot?.stop();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 3_000))]);
  clearInterval(idle);
  server.closeAllConnections();
  await Promise.all([deliver?.stop(), outside?.stop(), notices?.stop()]);
  await closed;
  await stores.close();
  await forgetful?.close();
  await alone.release();
  process.exit(0);
}
