// The channel in this process, its child and browser beside it, and what it hands to the conversation.
// Pauses are short here; everything else is as in the product.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incoming, Message } from '../../../src/channel/channel.ts';
import { makeWhatsapp, type WhatsappOptions } from '../../../src/channel/whatsapp.ts';
import type { Mark } from '../../../src/channel/whatsapp-inbox.ts';
import { makeLog } from '../../../src/log.ts';
import { findChromium } from '../../../src/tool/parts.ts';
import { until } from '../product.ts';

export const pace: NonNullable<WhatsappOptions['pace']> = {
  send: { gap: [0, 2], typing: [0, 2] },
  line: { soon: 200, slow: 1_000 },
  child: { beat: 300, lookAgain: 0 },
};

export function profileFolder() {
  const path = mkdtempSync(join(tmpdir(), 'whatsapp-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export type Bot = ReturnType<typeof makeBot>;

export function makeBot(args: string[], profile: string, given: Partial<WhatsappOptions> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const received: Incoming[] = [];
  const lines: string[] = [];
  const codes: string[] = [];
  const marks = new Map<string, Mark>();
  const known = new Map<string, string>();
  const links: WhatsappOptions['links'] = { load: async (id) => known.get(id), save: async (id, person) => void known.set(id, person) };
  /** What the conversation does with a message; a test may make it fail or wait. */
  const conversation = {
    async handle(incoming: Incoming): Promise<void> {
      await channel.send(incoming.person, says(`re ${textOf(incoming)}`, incoming.id));
    },
  };
  const channel = makeWhatsapp({
    chromium: findChromium() ?? '',
    args,
    profile,
    page: null,
    environment: { PATH, HOME },
    log: makeLog(
      (line) => lines.push(line),
      () => new Date(),
    ),
    hash: (text) => Buffer.from(text).toString('base64url').slice(-12),
    now: Date.now,
    marks: {
      load: async (person) => marks.get(person),
      save: async (person, mark) => void marks.set(person, mark),
      forget: async (person) => void marks.delete(person),
    },
    links,
    onPairing: (code) => code !== null && codes.push(code),
    pace,
    ...given,
  });
  return {
    channel,
    received,
    lines,
    codes,
    marks,
    links,
    conversation,
    start: () =>
      channel.start(async (incoming) => {
        received.push(incoming);
        await conversation.handle(incoming);
      }),
    ready: () => until(async () => channel.health().state === 'ready', `ready, not ${JSON.stringify(channel.health())}`, 30_000),
    code: () => until(async () => channel.pairing() !== null, `a code, not ${JSON.stringify(channel.health())}`, 30_000),
    texts: () => received.map(textOf),
  };
}

export const textOf = ({ body }: Incoming): string =>
  body.kind === 'text' ? body.text : body.kind === 'unsupported' ? body.what : body.kind;

/** A message with one choice, so that it is a question. */
export const says = (text: string, id = text): Message => ({
  id,
  text,
  language: 'en',
  direction: 'ltr',
  choices: [{ id: '1.a', label: 'A', kind: 'answer' }],
});

/** Processes of this profile's browser; `type` is Chromium's own word, empty for the one that started them. */
export function browserProcesses(profile: string, type = ''): number[] {
  const all = processes();
  const first = all.filter(({ command }) => command.includes(`--user-data-dir=${profile}/session`) && !command.includes('--type='));
  if (type === '') return first.map(({ pid }) => pid);
  const below = (parents: number[]): typeof all => {
    const found = all.filter(({ parent }) => parents.includes(parent));
    return found.length === 0 ? [] : [...found, ...below(found.map(({ pid }) => pid))];
  };
  return below(first.map(({ pid }) => pid)).flatMap(({ pid, command }) => (command.includes(`--type=${type}`) ? [pid] : []));
}

/** The channel's own processes below this one. */
export const childProcesses = (): number[] =>
  processes().flatMap(({ pid, parent, command }) => (parent === process.pid && command.includes('whatsapp-child') ? [pid] : []));

function processes(): { pid: number; parent: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      return [{ pid: Number(name), parent, command }];
    } catch {
      return [];
    }
  });
}
