// Very many people on Telegram at once, before a product that is killed at random moments. Each reads what
// is on screen and taps what answers it, once for each question, however often that is shown.
import { openKeep } from '../../src/store/keep.ts';
import { openKeyvSqlite } from '../../src/store/keyv-sqlite.ts';
import { type Person, startBotApi } from './bot-api/server.ts';
import { alone, pair } from './fleet.ts';
import { brokenOn } from './invariants.ts';
import { cases, token, until } from './product.ts';
import { testSeals } from './seals.ts';
import { makeTalk, makeWorld, noon } from './talk.ts';
import { refOf } from './telegram-people.ts';
import { toReceipt } from './ways.ts';

export type SoakOptions = {
  /** At least so many updates in all. */
  updates: number;
  /** People under way at once. */
  concurrency: number;
  /** Between two kills, least and most, in ms of a running product. */
  between: [number, number];
  seed: number;
  /** `shared`: two processes by webhook on one Redis and one PostgreSQL; otherwise one on embedded stores. */
  mode: SoakMode;
};
export const soakModes = ['polling', 'webhook', 'shared'] as const;
export type SoakMode = (typeof soakModes)[number];

type Screen = ReturnType<Person['screen']>;

const hangLimitMs = 180_000;
const questionOf = (text: string): string => text.trim().split('\n').at(-1) ?? '';
/** A question as it looks now; shown twice it is the same to a person. */
const lookOf = ({ text, buttons }: Screen[number]): string => JSON.stringify([questionOf(text), buttons]);
const isReceipt = (entry: Screen[number]) => entry.from === 'bot' && entry.text.includes('Your code');

/** What is tapped at each question, in order; learnt from one person before the conversation in memory. */
export async function learn(): Promise<Map<string, string[]>> {
  // Stores of its own: outside a test nobody provides them.
  const clock = { at: noon };
  const own = { keep: await openKeep(':memory:'), seal: await testSeals(Buffer.alloc(32, 7)), clock, logged: [] };
  const talk = await makeTalk({}, await makeWorld({}, { ...own, store: openKeyvSqlite(':memory:', () => clock.at) }));
  const answers = new Map<string, string[]>();
  await talk.starts();
  for (const code of toReceipt) {
    const prompt = talk.last();
    const key = questionOf(prompt?.text ?? '');
    const chosen = prompt?.choices.find((choice) => choice.id.endsWith(`.${code}`))?.label ?? '';
    answers.set(key, [...(answers.get(key) ?? []), chosen]);
    await talk.taps(code);
  }
  return answers;
}

/** One person to their receipt, who answers a question once, however often it is shown. `sent`: something was sent. */
export async function toReceiptBy(person: Person, answers: Map<string, string[]>, sent: () => void = () => {}): Promise<void> {
  person.starts();
  sent();
  const done = new Set<string>();
  const open = (screen: Screen) => screen.findLast((entry) => entry.from === 'bot' && entry.buttons.length > 0 && !done.has(lookOf(entry)));
  for (;;) {
    const screen = await person.waitFor((now) => now.some(isReceipt) || open(now) !== undefined, 'the next question');
    const prompt = open(screen);
    if (prompt === undefined || screen.some(isReceipt)) return;
    const label = answers.get(questionOf(prompt.text))?.find((one) => prompt.buttons.flat().includes(one));
    if (label === undefined) throw new Error(`nothing to tap under: ${prompt.text}`);
    done.add(lookOf(prompt));
    person.taps(label);
    sent();
  }
}

/** Numbers from 0 to below 1, the same for the same seed. */
function makeChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export async function soak({ updates, concurrency, between: [least, most], seed, mode }: SoakOptions) {
  const answers = await learn();
  const api = await startBotApi({ token: '123456:strict-server-token-for-tests', hangLimitMs });
  const chance = makeChance(seed);
  const telegram = {
    TELEGRAM_BOT_TOKEN: api.token,
    TELEGRAM_API_ROOT: api.root,
    TELEGRAM_MODE: mode === 'polling' ? 'polling' : 'webhook',
  };
  const fleet = await (mode === 'shared' ? pair : alone)(telegram);
  const people: Person[] = [];
  let sent = 0;
  let kills = 0;
  let working = true;

  async function kill(): Promise<void> {
    while (working) {
      await new Promise((go) => setTimeout(go, least + chance() * (most - least)));
      if (!working) return;
      kills += 1;
      await fleet.kill(chance);
    }
  }

  const began = performance.now();
  const killer = kill();
  const lane = async () => {
    while (sent < updates) {
      const person = api.person({ language: 'en' });
      people.push(person);
      await toReceiptBy(person, answers, () => {
        sent += 1;
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  await api.waitFor(() => api.pending().length === 0, 'everything to be confirmed');
  working = false;
  await killer;
  const seconds = (performance.now() - began) / 1_000;

  await until(async () => (await cases(fleet.url())).length >= people.length, 'all cases stand in the queue', hangLimitMs);
  const found = await cases(fleet.url());
  const answered = new Set<string>();
  for (const { id } of found) {
    const response = await fetch(`${fleet.url()}/api/v1/cases/${id}`, { headers: { authorization: `Bearer ${token}` } });
    answered.add(JSON.stringify(((await response.json()) as { answers: unknown }).answers));
  }
  const stores = await fleet.leave();
  const broken = await brokenOn(stores, []);
  await stores.close();
  await Promise.all([api.close(), fleet.remove()]);
  return {
    /** The code each person was told, and that of each case. */
    told: people.map(refOf).sort(),
    refs: found.map(({ ref }) => ref).sort(),
    /** Different sets of answers among the cases: everybody answered the same. */
    answers: [...answered],
    violations: [...new Set(api.violations)],
    /** Invariants that do not hold in what was left. */
    broken,
    people: people.length,
    updates: sent,
    kills,
    seconds: Math.round(seconds),
  };
}
