// WhatsApp through its web page, which it does not allow: see docs/operating/whatsapp.md. The library
// runs in a process of its own; here are order, pace and the promise that nothing is lost.
import { codeOf, type Log } from '../log.ts';
import { capabilities } from './capabilities.ts';
import type { Channel, Receive } from './channel.ts';
import { makeProfile } from './whatsapp-browser.ts';
import { type Marks, makeInbox } from './whatsapp-inbox.ts';
import { type LinePace, linePace, makeLine } from './whatsapp-line.ts';
import { type Links, makeNames } from './whatsapp-names.ts';
import { makeSender, remember, type SendPace, sendPace } from './whatsapp-send.ts';
import { type ChildTimes, childTimes } from './whatsapp-wire.ts';

export type WhatsappOptions = {
  chromium: string;
  args: string[];
  /** Holds the pairing; made with access for ourselves alone. */
  profile: string;
  page: { folder: string; version: string } | null;
  /** Of child and browser, whole. */
  environment: Record<string, string>;
  log: Log;
  hash(text: string): string;
  now(): number;
  marks: Marks;
  links: Links;
  /** A code to pair with, to be shown at once; another one follows. Null: paired. */
  onPairing?(qr: string | null): void;
  /** Whether a rejected `receive` means that our stores are down. Such messages are kept for as long as it lasts. */
  isOutage?(error: unknown): boolean;
  /** Tests only. */
  pace?: { send?: Partial<SendPace>; line?: Partial<LinePace>; child?: Partial<ChildTimes> };
};

export type Whatsapp = Channel & {
  /** The code to pair with now, or null. */
  pairing(): string | null;
};

const laterMs = 3_000;

export function makeWhatsapp(options: WhatsappOptions): Whatsapp {
  const { log, hash, now } = options;
  const wait = (ms: number) => new Promise<void>((go) => setTimeout(go, ms));
  /** The id a person last wrote from: replies go to the id received. */
  const chats = new Map<string, string>();
  const names = makeNames(options.links);
  let qr: string | null = null;
  let closed = false;
  let count = 0;
  let receive: Receive = async () => {};
  const tick = () => {
    count += 1;
    return count;
  };

  const line = makeLine({
    options: {
      chromium: options.chromium,
      args: options.args,
      profile: makeProfile(options.profile),
      page: options.page,
      times: { ...childTimes, ...options.pace?.child },
    },
    environment: options.environment,
    pace: { ...linePace, ...options.pace?.line },
    log,
    now,
    heard: (list) => inbox.take(list),
    pairing(code) {
      if (code !== null && code !== qr) options.onPairing?.(code);
      qr = code;
    },
    paired: () => options.onPairing?.(null),
  });

  const sender = makeSender({
    ready: line.ready,
    chatOf: (person) => chats.get(person) ?? person,
    typing: (chat) => line.tell({ do: 'typing', chat }),
    send: (chat, text) => line.ask({ do: 'send', chat, text }),
    tick,
    pace: { ...sendPace, wait, ...options.pace?.send },
  });

  const inbox = makeInbox({
    async receive(said, late) {
      const { id, sentAt, body, chat } = said;
      const who = await names.resolve(said);
      remember(chats, who.person, chat);
      await receive({ channel: 'whatsapp', ...who, id, sentAt: sentAt === 0 ? now() : sentAt, body, ...(late ? { late } : {}) });
      names.settle(said);
    },
    seen: async (chat) => (await line.ask({ do: 'seen', chat })) === 'sent',
    owes: (person) => sender.owes(names.of(person)),
    forgive: (person) => sender.forgive(names.of(person)),
    again: () => line.tell({ do: 'look' }),
    marks: options.marks,
    hash,
    tick,
    promptedAt: (person) => sender.promptedAt(names.of(person)),
    isOutage: options.isOutage ?? (() => false),
    setAside: ({ person }, tries, error) =>
      log.error('whatsapp.set-aside', { channel: 'whatsapp', who: hash(person), count: tries, code: codeOf(error) }),
    wait,
  });

  return {
    name: 'whatsapp',
    capabilities: capabilities.whatsapp,
    /** Resolves at once: a browser that takes long, or a number not paired yet, keeps nobody else from starting. */
    async start(handler) {
      receive = handler;
      line.start();
    },
    async send(person, message) {
      if (closed) return { later: laterMs };
      const result = await sender.send(person, message);
      if ('refused' in result) log.error('whatsapp.refused', { channel: 'whatsapp', who: hash(person), code: result.refused });
      return result;
    },
    health: line.health,
    pairing: () => qr,
    async stop() {
      await inbox.stop();
      closed = true;
      await line.stop();
    },
  };
}
