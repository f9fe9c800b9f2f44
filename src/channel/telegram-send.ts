// One message on its way out: buttons, the earlier prompt shown as answered, and what a failure means.
// Nobody waits long for Telegram: a call that is slow goes on in the background, and the next try for
// the same message gets its outcome instead of sending the words a second time.
import { codeOf } from '../log.ts';
import type { Choice, Message, SendResult } from './channel.ts';
import type { Answer } from './telegram-calls.ts';
import type { Prompt } from './telegram-read.ts';

export type Button = { text: string; callback_data: string };

type SendCalls = {
  send(chat: number, text: string, rows: Button[][]): Promise<Answer<{ message_id: number; date: number }>>;
  edit(chat: number, messageId: number, text: string, rows: Button[][]): Promise<Answer<unknown>>;
  unbutton(chat: number, messageId: number): Promise<Answer<unknown>>;
};

const maxText = 4096;
/** The longest `retry_after` waited for in place. */
const maxWaitSeconds = 2;
export const laterMs = 3_000;
/** How many chats' prompts and how many slow sends are remembered; the oldest are forgotten. */
const maxRemembered = 20_000;
const wideLabel = 14;
const wideAside = 12;

export function makeSender(calls: SendCalls, pace: { patienceMs: number; wait(ms: number): Promise<void> }) {
  const prompts = new Map<string, Prompt>();
  const underway = new Map<string, Promise<SendResult>>();
  /** When the present question was sent, in ms by Telegram's clock. */
  const asked = new Map<string, number>();
  /** Messages that were told "later" and have not gone out since, by person. */
  const owed = new Map<string, Set<string>>();

  function owes(person: string, id: string, still: boolean): void {
    const ids = owed.get(person) ?? new Set();
    if (still) ids.add(id);
    else ids.delete(id);
    if (ids.size > 0) owed.set(person, ids);
    else owed.delete(person);
  }

  /** A limit of a second or two is waited out once, in place. */
  async function patiently<T>(call: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const first = await call();
    if (first.ok || first.code !== 429 || first.retryAfter > maxWaitSeconds) return first;
    await pace.wait(first.retryAfter * 1_000);
    return call();
  }

  /** Only a courtesy: whatever goes wrong here never keeps the message itself back. */
  async function lock(chat: number, prompt: Prompt, label: string): Promise<void> {
    const text = prompt.text === undefined ? undefined : `${prompt.text}\n\n✅ ${label}`;
    if (text === undefined || text.length > maxText) await calls.unbutton(chat, prompt.messageId);
    else await calls.edit(chat, prompt.messageId, text, []);
  }

  async function deliver(person: string, message: Message): Promise<SendResult> {
    const chat = Number(person);
    if (!Number.isSafeInteger(chat)) return { refused: 'address' };
    const prompt = prompts.get(person);
    const rows = keyboard(message.choices);
    if (prompt && message.replaces) {
      const edited = await patiently(() => calls.edit(chat, prompt.messageId, message.text, rows));
      if (edited.ok || /not modified/.test(edited.description)) {
        remember(prompts, person, { messageId: prompt.messageId, text: message.text });
        return { sent: true };
      }
      if (edited.code !== 400) return outcome(edited);
    } else if (prompt && message.lock !== undefined) await lock(chat, prompt, message.lock);
    const sent = await patiently(() => calls.send(chat, message.text, rows));
    if (!sent.ok) return outcome(sent);
    if (message.lock !== undefined) prompts.delete(person);
    if (rows.length === 0) return { sent: true };
    remember(prompts, person, { messageId: sent.value.message_id, text: message.text });
    remember(asked, person, sent.value.date * 1_000);
    return { sent: true };
  }

  function begin(key: string, person: string, message: Message): Promise<SendResult> {
    const work = deliver(person, message)
      .catch((error): SendResult => ({ refused: codeOf(error) }))
      .then((result) => {
        if (!('sent' in result)) underway.delete(key);
        return result;
      });
    remember(underway, key, work);
    return work;
  }

  return {
    async send(person: string, message: Message): Promise<SendResult> {
      const key = `${person} ${message.id}`;
      const { promise: enough, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(resolve, pace.patienceMs, undefined);
      const result = await Promise.race([underway.get(key) ?? begin(key, person, message), enough]);
      clearTimeout(timer);
      owes(person, message.id, result === undefined || 'later' in result);
      if (result === undefined) return { later: laterMs };
      underway.delete(key);
      return result;
    },
    owes: (person: string): boolean => owed.has(person),
    /** The person tapped on this one: it is the prompt to mark, whatever was sent since. */
    tapped: (person: string, prompt: Prompt) => remember(prompts, person, prompt),
    forget: (person: string) => prompts.delete(person),
    /** When the present question was sent, by Telegram's clock; 0: not by this process. */
    askedAt: (person: string) => asked.get(person) ?? 0,
    /** When everything under way has an outcome. */
    settled: () => Promise.all(underway.values()),
  };
}

/** Answers one a row when a label is long, else two; back, a person and SOS share the last row, save one that is too long for it. */
function keyboard(choices: Choice[]): Button[][] {
  const button = ({ id, label }: Choice): Button => ({ text: label, callback_data: id });
  const isAnswer = ({ kind }: Choice) => kind === 'answer' || kind === 'skip';
  const answers = choices.filter(isAnswer);
  const others = choices.filter((choice) => !isAnswer(choice));
  const perRow = answers.some(({ label }) => [...label].length > wideLabel) ? 1 : 2;
  const rows: Button[][] = [];
  for (let at = 0; at < answers.length; at += perRow) rows.push(answers.slice(at, at + perRow).map(button));
  // Three share a narrow telephone: a long word among them would be cut.
  const long = others.filter(({ label }) => [...label].length > wideAside);
  for (const choice of long) rows.push([button(choice)]);
  if (others.length > long.length) rows.push(others.filter((choice) => !long.includes(choice)).map(button));
  return rows;
}

function outcome(answer: Answer<unknown> & { ok: false }): SendResult {
  const { code, retryAfter } = answer;
  if (code === 403) return { gone: true };
  if (code === 429) return { later: Math.max(retryAfter * 1_000, laterMs) };
  // 401: the operator has to renew the token; the words wait for it.
  if (code === 0 || code === 401 || code >= 500) return { later: laterMs };
  return { refused: String(code) };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxRemembered && oldest !== undefined) map.delete(oldest);
}
