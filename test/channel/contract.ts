// What every channel must do, the same sentences for all: the real adapter before its platform's stand-in
// and the real conversation behind it. Which of them a channel cannot do by its nature, it says itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilities } from '../../src/channel/capabilities.ts';
import type { Channel, Receive } from '../../src/channel/channel.ts';
import { fromDesk } from '../../src/conversation/from-desk.ts';
import type { Replies } from '../../src/conversation/reply.ts';
import type { World } from '../../src/conversation/world.ts';
import { digits } from '../../src/flow/fold.ts';
import { sign } from '../../src/handoff/sign.ts';
import { addressOf } from '../../src/store/addresses.ts';
import { webhookId } from '../../src/store/outbox.ts';
import { queuedEvents } from '../support/seals.ts';
import { shippedContent } from '../support/talk.ts';
import { stepLabels, toGate, toReceipt, toReturnConsent } from '../support/ways.ts';

/** Somebody with this channel in their hand. */
export type Phone = {
  /** The channel's address of them; must show in no log. */
  person: string;
  /** Resolves when it was handled and answered. */
  says(text: string): Promise<void>;
  /** Writes without waiting. */
  writes(text: string): void;
  /** Uses an option as the channel offers it. */
  chooses(label: string): Promise<void>;
  /** Every text of ours they were shown, oldest first. */
  screen(): string[];
  /** The options of the question on screen. */
  options(): string[];
  /** Sends something that is no text, of the kinds in `Line.media`. */
  sends(kind: string): Promise<void>;
  /** Looks at the chat again, where somebody has to. */
  looks(): Promise<void>;
};

export type Line = {
  world: World;
  channel(): Channel;
  replies(): Replies;
  phone(): Promise<Phone>;
  /** As many steps fail as this says, after they were stored and answered: as if killed before confirming. */
  fault: { fails: number };
  media: string[];
  logged(): string;
  /** What a platform forbids, and files that were asked for. */
  complaints(): string[];
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

export type Nature = {
  /** What is written while nobody listens waits at the platform. */
  keeps: boolean;
  /** A message that was not confirmed comes again. */
  redelivers: boolean;
  /** Several people at once. */
  many: boolean;
  /** A caseworker's words arrive by themselves, or when the person looks again. */
  reaches: 'at once' | 'when they look' | 'never';
};

const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const canary = 'canary-of-nobody';
const hostile = {
  'bidi overrides': `\u202e${canary}\u2066\u202d`,
  'zero width': '\u200b\u200d\u2060\ufeff',
  '65,000 characters': 'x'.repeat(65_000),
  'an emoji wall': '👩‍👩‍👧‍👦'.repeat(900),
  markup: `<img src=x onerror=alert(1)>*_~\`[${canary}](http://x)</b>{{name}}`,
  'a half character': 'a\ud83d',
  'control characters': 'a\u0000b\u0007\u001b[2J',
};

/** Fails after the step, as often as `fault` says. */
export function failing(receive: Receive, fault: Line['fault']): Receive {
  return async (incoming) => {
    await receive(incoming);
    if (fault.fails === 0) return;
    fault.fails -= 1;
    throw new Error('killed before it was confirmed');
  };
}

/** A sentence that is said only of channels of this nature. */
const only = (holds: boolean) => (sentence: string, test: () => Promise<void>) => (holds ? it(sentence, test) : undefined);

export function contract(name: string, nature: Nature, open: () => Promise<Line>): void {
  describe(name, () => {
    let line: Line;
    let labels: (code: string) => string[];
    beforeAll(async () => {
      line = await open();
      labels = stepLabels(await shippedContent());
    });
    afterAll(async () => {
      expect(line.complaints()).toEqual([]);
      await line.close();
    });

    async function walk(phone: Phone, codes: string[]): Promise<void> {
      for (const code of codes) {
        const named = code === '~done' ? [common('buttons.done')] : labels(code);
        const label = named.find((one) => phone.options().includes(one));
        // Written as numbers, the answers of such a question are complete at once.
        if (label === undefined && code === '~done') continue;
        if (label === undefined) throw new Error(`no ${code} among ${phone.options().join(', ')} under ${phone.screen().at(-1)}`);
        await phone.chooses(label);
      }
    }
    const session = async (phone: Phone) => (await line.world.sessions.load(keyOf(phone)))?.session;
    const keyOf = (phone: Phone) => line.world.index('person', line.channel().name, phone.person);
    const common = (key: string) => line.world.content.catalog.text('en', 'common', key);

    it('a person goes from the first word to a request, by what the channel shows them', async () => {
      const phone = await line.phone();
      await walk(phone, toReceipt);
      expect(phone.screen().join('\n')).toMatch(/Your code: [0-9A-Z]{3}-[0-9A-Z]{3}/);
      expect((await addressOf(line.world.keep, keyOf(phone)))?.channel).toBe(line.channel().name);
      expect(line.logged()).not.toContain(phone.person);
    });

    only(nature.reaches !== 'never')('a caseworker’s words reach them, and theirs the caseworker', async () => {
      const phone = await line.phone();
      await walk(phone, toReceipt);
      const { case_id } = (await addressOf(line.world.keep, keyOf(phone))) ?? { case_id: '' };
      const event = { type: 'message.send', timestamp: new Date(line.world.now()).toISOString(), version: 1 };
      const body = Buffer.from(JSON.stringify({ ...event, data: { case_id, seq: 1, message_id: 'm_fade1', text: `Hello ${canary}` } }));
      const headers = sign([secret], webhookId('messages', case_id, event.type, 1), body, line.world.now());
      const channels = new Map([[line.channel().name, line.channel()]]);
      const answer = await fromDesk({ world: line.world, replies: line.replies(), channels, secrets: [secret] }, headers, body);
      expect(answer.status).toBe(202);
      if (nature.reaches === 'when they look') await phone.looks();
      await expect.poll(() => phone.screen().join('\n'), { timeout: 15_000 }).toContain(`Hello ${canary}`);
      await phone.says(`Thank you ${canary}`);
      const events = (await queuedEvents(line.world.keep, line.world.seal)).filter((one) => one.data.case_id === case_id);
      expect(events.at(-1)).toMatchObject({ type: 'message.received', data: { text: `Thank you ${canary}` } });
      expect(line.logged()).not.toContain(canary);
    });

    it('every one of the seven words is heard at a question', async () => {
      for (const [word, fits] of [
        ['help', /words at any time/i],
        ['language', /language/i],
        ['person', /Help outside this chat/],
        ['SOS', /not an emergency service/],
        ['stop', /We stop here/],
        ['delete', /delete everything about you/],
      ] as const) {
        const phone = await line.phone();
        await walk(phone, toGate.slice(0, 2));
        const count = phone.screen().length;
        await phone.says(word);
        expect(phone.screen().slice(count).join('\n'), word).toMatch(fits);
      }
      const phone = await line.phone();
      await walk(phone, toGate.slice(0, 2));
      await phone.says('back');
      expect(phone.screen().at(-1)).toContain('country');
    });

    it('whoever stops or deletes is told how to remove the chat itself', async () => {
      for (const word of ['stop', 'delete']) {
        const phone = await line.phone();
        await walk(phone, toGate);
        await phone.says(word);
        expect(phone.screen().at(-1)).toMatch(/delete (it|this chat) in your app/);
        const left = await session(phone);
        expect(left === undefined || left.done === 'stopped', word).toBe(true);
      }
    });

    it('a cry for help is heard before everything else, and not kept', async () => {
      const phone = await line.phone();
      await walk(phone, toGate);
      await phone.says(`i want to kill myself ${canary}`);
      expect((await session(phone))?.detour?.at).toMatch(/^urgent\//);
      expect(line.logged()).not.toContain(canary);
    });

    it('a consent takes its own yes and nothing that only sounds like it', async () => {
      const phone = await line.phone();
      await walk(phone, toReturnConsent);
      const asked = phone.options();
      for (const word of ['ok', '👍']) {
        await phone.says(word);
        expect(phone.options(), word).toEqual(asked);
      }
      expect(await addressOf(line.world.keep, keyOf(phone))).toBeUndefined();
    });

    it.for(Object.entries(hostile))('%s are words like others: nothing breaks, the question stays', async ([, text]) => {
      const phone = await line.phone();
      await walk(phone, toGate);
      const before = await session(phone);
      await phone.says(text);
      expect((await session(phone))?.answers).toEqual(before?.answers);
      expect(phone.options().length).toBeGreaterThan(0);
      expect(phone.screen().at(-1)).not.toContain(canary);
      expect(line.logged()).not.toContain(canary);
    });

    it('whatever is not text is answered kindly and never fetched', async () => {
      for (const kind of line.media) {
        const phone = await line.phone();
        await walk(phone, toGate.slice(0, 1));
        const count = phone.screen().length;
        await phone.sends(kind);
        expect(phone.screen().slice(count).join('\n'), kind).toContain(common('notices.media'));
      }
    });

    only(nature.redelivers)('a step that was not confirmed comes again, is answered again and done once', async () => {
      const phone = await line.phone();
      await walk(phone, toGate.slice(0, 2));
      const count = phone.screen().length;
      line.fault.fails = 1;
      await phone.says('help');
      await expect.poll(() => phone.screen().length, { timeout: 15_000 }).toBeGreaterThanOrEqual(count + 1);
      expect(new Set(phone.screen().slice(count)).size).toBe(1);
      expect(line.fault.fails).toBe(0);
    });

    only(nature.keeps)('what is written while nobody listens is answered at the next start, in order', async () => {
      const phone = await line.phone();
      await walk(phone, toGate.slice(0, 1));
      await line.stop();
      const count = phone.screen().length;
      for (const word of ['help', 'stop', 'hello again']) phone.writes(word);
      await line.start();
      await expect.poll(() => phone.screen().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(count + 3);
      const [help, stop] = phone.screen().slice(count);
      expect([help, stop]).toEqual([expect.stringMatching(/words at any time/i), expect.stringContaining('We stop here')]);
    });

    only(nature.many)('people are answered side by side, each with their own answers', async () => {
      const phones = await Promise.all(Array.from({ length: 5 }, () => line.phone()));
      await Promise.all(phones.map((phone) => walk(phone, toGate)));
      for (const phone of phones) expect((await session(phone))?.done).toBeNull();
      await phones[0]?.says('stop');
      expect((await session(phones[1] as Phone))?.done).toBeNull();
    });

    it('tells how it is, and a send that cannot be is a value', async () => {
      const channel = line.channel();
      expect(channel.capabilities).toBe(capabilities[channel.name]);
      expect(channel.health()).toEqual({ state: 'ready' });
      const message = { id: 'x', text: 'x', language: 'en', direction: 'ltr' as const, choices: [] };
      const outcome = await channel.send('nobody', message);
      expect(Object.keys(outcome)).toHaveLength(1);
    });
  });
}

/** The options of a question written with numbers. */
export const numbered = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/^([1-8]) {2}(.+)$/gm)].map(([, , label = '']) => label);

/** The number that stands before this option. */
export function numberOf(text: string | undefined, label: string): string {
  const at = numbered(text).indexOf(label);
  if (at < 0) throw new Error(`no option ${label}`);
  return digits(String(at + 1));
}
