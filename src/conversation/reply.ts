// Sends what a step said. What a platform asks to be sent later waits here in order, and everything
// newer for the same person waits behind it; nothing else waits.
import type { Channel, Message, SendResult } from '../channel/channel.ts';
import type { Log } from '../log.ts';
import { watched } from '../store/crash.ts';

export type Replies = {
  /** Sends in order; resolves with the last outcome. Never rejects. */
  send(key: string, channel: Channel, chat: string, messages: Message[]): Promise<SendResult>;
  /** For whoever comes again after a "later" by themselves: nothing waits here, or it would be said twice. */
  sendNow(key: string, channel: Channel, chat: string, messages: Message[]): Promise<SendResult>;
  stop(): void;
};

type Waiting = { messages: Message[]; timer: NodeJS.Timeout; tries: number };

const mostTries = 20;

export function makeReplies(log: Log): Replies {
  const waiting = new Map<string, Waiting>();
  const { after } = watched();

  type Send = (key: string, channel: Channel, chat: string, messages: Message[], tries: number | null) => Promise<SendResult>;
  const send: Send = async (key, channel, chat, messages, tries) => {
    const earlier = waiting.get(key);
    if (earlier !== undefined) {
      if (tries === null) return { later: 1000 };
      // A message that came again is answered with what already waits.
      earlier.messages.push(...messages.filter(({ id }) => !earlier.messages.some((one) => one.id === id)));
      return { later: 1000 };
    }
    let outcome: SendResult = { sent: true };
    for (const [i, message] of messages.entries()) {
      outcome = await channel.send(chat, message);
      if ('sent' in outcome) after();
      if ('later' in outcome) {
        const rest = messages.slice(i);
        if (tries === null) return outcome;
        if (tries >= mostTries) log.error('reply given up', { channel: channel.name, count: rest.length });
        else hold(key, channel, chat, rest, outcome.later, tries);
        return outcome;
      }
      // Nobody to show it to, or not now: what follows is nothing without it.
      if ('gone' in outcome || 'kept' in outcome) return outcome;
      if ('refused' in outcome) log.error('reply refused by the platform', { channel: channel.name, code: outcome.refused });
    }
    return outcome;
  };

  const hold = (key: string, channel: Channel, chat: string, messages: Message[], ms: number, tries: number) => {
    const timer = setTimeout(() => {
      const held = waiting.get(key);
      waiting.delete(key);
      void send(key, channel, chat, held?.messages ?? [], tries + 1);
    }, ms);
    timer.unref();
    waiting.set(key, { messages, timer, tries });
  };

  return {
    send: (key, channel, chat, messages) => send(key, channel, chat, messages, 0),
    sendNow: (key, channel, chat, messages) => send(key, channel, chat, messages, null),
    stop() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
