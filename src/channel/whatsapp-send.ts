// One message on its way out, at a human pace: typing is shown, moments vary, and no two messages leave
// at once, for numbers that answer like machines are banned. Whoever waits too long gets "later" while
// the message goes on; the next try for it gets its outcome instead of sending the words twice.
import { randomInt } from 'node:crypto';
import type { Message, SendResult } from './channel.ts';
import type { Outcome } from './whatsapp-wire.ts';

export type SendPace = {
  /** Between two messages to anybody, and from "typing" to the message: least and most. */
  gap: [number, number];
  typing: [number, number];
  /** How long a send is waited for before it goes on in the background. */
  patience: number;
  wait(ms: number): Promise<void>;
};

export const sendPace: Omit<SendPace, 'wait'> = { gap: [300, 900], typing: [500, 1_200], patience: 2_000 };

type SendRules = {
  ready(): boolean;
  /** The id this person last wrote from. */
  chatOf(person: string): string;
  typing(chat: string): void;
  send(chat: string, text: string): Promise<Outcome>;
  tick(): number;
  pace: SendPace;
};

const laterMs = 1_000;
const notReadyMs = 3_000;
const againMs = 1_000;
const mostRemembered = 20_000;

export function makeSender(rules: SendRules) {
  const { pace } = rules;
  const underway = new Map<string, Promise<SendResult>>();
  const prompted = new Map<string, number>();
  /** Messages we were told to send and could not yet, by person. */
  const owed = new Map<string, Set<string>>();
  let turn: Promise<void> = Promise.resolve();

  const moment = ([least, most]: [number, number]) => pace.wait(least < most ? randomInt(least, most) : least);

  async function deliver(person: string, message: Message): Promise<SendResult> {
    const mine = turn;
    turn = mine.then(() => moment(pace.gap));
    await mine;
    if (!rules.ready()) return { later: notReadyMs };
    const chat = rules.chatOf(person);
    rules.typing(chat);
    await moment(pace.typing);
    let outcome = await rules.send(chat, message.text);
    if (outcome === 'failed') {
      await pace.wait(againMs);
      outcome = await rules.send(chat, message.text);
    }
    if (outcome === 'later') return { later: notReadyMs };
    if (outcome !== 'sent') return { refused: outcome };
    if (message.choices.length > 0) remember(prompted, person, rules.tick());
    return { sent: true };
  }

  function begin(key: string, person: string, message: Message): Promise<SendResult> {
    const work = deliver(person, message)
      .catch((): SendResult => ({ refused: 'failed' }))
      .then((result) => {
        if (!('sent' in result)) underway.delete(key);
        return result;
      });
    remember(underway, key, work);
    return work;
  }

  function owes(person: string, id: string, still: boolean): void {
    const ids = owed.get(person) ?? new Set();
    if (still) ids.add(id);
    else ids.delete(id);
    if (ids.size > 0) owed.set(person, ids);
    else owed.delete(person);
  }

  return {
    async send(person: string, message: Message): Promise<SendResult> {
      const key = `${person} ${message.id}`;
      const result = await attempt(key, person, message);
      owes(person, message.id, 'later' in result);
      return result;
    },
    owes: (person: string) => owed.has(person),
    forgive: (person: string) => owed.delete(person),
    /** When the present question was sent, on the same count as messages that came in; 0: not by this process. */
    promptedAt: (person: string) => prompted.get(person) ?? 0,
  };

  async function attempt(key: string, person: string, message: Message): Promise<SendResult> {
    const begun = underway.get(key);
    if (begun === undefined && !rules.ready()) return { later: notReadyMs };
    const { promise: enough, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, pace.patience, undefined);
    const result = await Promise.race([begun ?? begin(key, person, message), enough]);
    clearTimeout(timer);
    if (result === undefined) return { later: laterMs };
    underway.delete(key);
    return result;
  }
}

export function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > mostRemembered && oldest !== undefined) map.delete(oldest);
}
