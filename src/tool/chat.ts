// `npm run chat [-- --lang fr]`: talk to the bot in the terminal. Everything is kept in memory, and a
// request goes nowhere: this is for trying the words and the way.
import { parseArgs } from 'node:util';
import { makeTerminal } from '../channel/terminal.ts';
import { readConfig } from '../config.ts';
import { makeReceive } from '../conversation/receive.ts';
import { makeReplies } from '../conversation/reply.ts';
import { makeLog } from '../log.ts';
import { refuse } from '../start/refuse.ts';
import { makeForget } from '../store/forget.ts';
import { openKeep } from '../store/keep.ts';
import { type KeyTables, openKeys } from '../store/keys.ts';
import { openKeyvSqlite } from '../store/keyv-sqlite.ts';
import { makeLock } from '../store/lock.ts';
import { makeIndex, makeSeal } from '../store/seal.ts';
import { makeSessions } from '../store/sessions.ts';
import { sqliteDb } from '../store/sqlite.ts';
import { loadContent } from '../text/content.ts';

const { values } = parseArgs({ options: { lang: { type: 'string' } } });
const config = readConfig(process.env);
if ('findings' in config) refuse(config.findings);
const content = await loadContent(config.FLOWS_DIR, config.LOCALES_DIR, 'demo');
if ('findings' in content) refuse(content.findings);

// The same input gives the same output: nothing here is random but the seals, which nobody sees.
const key = Buffer.alloc(32, 1);
const now = () => Date.now();
const seal = await openKeys(sqliteDb<KeyTables>(':memory:'), makeSeal([key]), now);
const keep = await openKeep(':memory:');
const log = makeLog(
  (line) => process.stderr.write(line),
  () => new Date(),
);
const forget = makeForget(openKeyvSqlite(':memory:', now), 'chat', () => log.error('the session store failed'));
const channel = makeTerminal(process.stdin, process.stdout, values.lang);
const replies = makeReplies(log);
const receive = makeReceive(
  {
    content,
    keep,
    seal,
    sessions: makeSessions(forget, seal, config.SESSION_TTL_HOURS * 3_600_000),
    lock: makeLock(),
    index: makeIndex(key),
    log,
    now,
    mode: 'demo',
    days: { contact: config.CONTACT_UNANSWERED_DAYS, unclaimed: config.CASE_UNCLAIMED_DAYS },
    protectionStaff: async () => true,
    partner: async () => null,
    wake: () => {},
    count: () => {},
  },
  channel,
  replies,
);
await channel.start(receive);
await keep.destroy();
await seal.close();
