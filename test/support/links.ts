// The pages of a link on a server of their own, with shipped texts, and with the channels a test wants open.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Channel, ChannelName } from '../../src/channel/channel.ts';
import { readConfig } from '../../src/config.ts';
import { makeApp } from '../../src/http/app.ts';
import { newCode, signed } from '../../src/link/code.ts';
import { makeLinks } from '../../src/link/routes.ts';
import { makeLog } from '../../src/log.ts';
import { makeLinkParts } from '../../src/start/links.ts';
import { addPartner } from '../../src/store/partners.ts';
import { transact } from '../../src/store/transact.ts';
import type { Content } from '../../src/text/content.ts';
import { emptyKeep } from './keeps.ts';
import { testSeals } from './seals.ts';
import { shippedContent } from './talk.ts';

const key = Buffer.alloc(32, 7);
export const now = Date.UTC(2026, 10, 24, 12);

const channel = (name: ChannelName, handle: string | null): Channel => ({
  name,
  capabilities: { choices: 'buttons', maxText: 4096 },
  start: async () => {},
  send: async () => ({ sent: true }),
  health: () => ({ state: 'ready' }),
  handle: () => handle,
  stop: async () => {},
});

export type Given = { channels?: ChannelName[]; handles?: string[]; mode?: 'demo' | 'production'; content?: Content };

export async function startLinks({
  channels = ['telegram', 'whatsapp', 'web'],
  handles = ['+30 210 555 0100'],
  mode = 'demo',
  content,
}: Given = {}) {
  const shipped = content ?? (await shippedContent());
  const keep = await emptyKeep();
  const lines: string[] = [];
  const log = makeLog(
    (line) => lines.push(line),
    () => new Date(now),
  );
  const read = readConfig({ MODE: mode });
  if ('findings' in read) throw new Error(read.findings.join('\n'));
  const open = new Map(channels.map((name) => [name, channel(name, name === 'telegram' ? '@return_questions_bot' : null)]));
  const idle = async () => {};
  const seal = await testSeals(key);
  const stores = {
    ...{ keep, seal, sealGenerated: false, indexKey: key, auditKey: key },
    ...{ secrets: [], telegramSecret: '', settle: idle, close: idle },
  };
  const config = { ...read };
  const links = makeLinkParts(config, { ...shipped, operator: { ...shipped.operator, handles } }, stores, log, open);
  links.now = () => now;
  const app = makeApp({ trustProxy: 0, log, mount: (server) => server.use(makeLinks(links)) });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.PUBLIC_URL = base;
  links.publicUrl = base;
  return {
    base,
    keep,
    lines,
    links,
    /** A partner's signed code. */
    async partner(name: string, expiresAt: number | null = null): Promise<string> {
      const code = newCode(Buffer.from(name).toString('hex').padEnd(24, '0'));
      await transact(keep, (tx) => addPartner(tx, code, name, 'a_1', expiresAt, now));
      return signed(links.index, code);
    },
    get: (path: string, headers: Record<string, string> = {}) => fetch(`${base}${path}`, { headers, redirect: 'manual' }),
    async page(path: string, headers: Record<string, string> = {}): Promise<string> {
      const answer = await fetch(`${base}${path}`, { headers, redirect: 'manual' });
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      return answer.text();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await keep.destroy();
    },
  };
}
