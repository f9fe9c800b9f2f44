// What people sent, each person strictly in order, persons side by side. WhatsApp's unread mark is our
// queue: a chat is marked "seen", all of it at once, only when nothing of that person waits any more.
import type { Said } from './whatsapp-wire.ts';

/** How far a chat was handled before it could be marked as seen: a time and the ids of that second. */
export type Mark = { at: number; ids: string[] };
export type Marks = {
  load(person: string): Promise<Mark | undefined>;
  save(person: string, mark: Mark): Promise<void>;
  forget(person: string): Promise<void>;
};

type InboxRules = {
  /** Rejects when the message has to come again. `late`: our question came after the message was here. */
  receive(said: Said, late: boolean): Promise<void>;
  seen(chat: string): Promise<boolean>;
  /** Replies that are still to go out to this person. */
  owes(person: string): boolean;
  forgive(person: string): unknown;
  /** Ask for what is unread once more: somebody has more waiting than we keep here, or an answer never went out. */
  again(): void;
  marks: Marks;
  hash(text: string): string;
  tick(): number;
  promptedAt(person: string): number;
  isOutage(error: unknown): boolean;
  setAside(said: Said, tries: number, error: unknown): void;
  wait(ms: number): Promise<void>;
};

type Lane = {
  person: string;
  queue: (Said & { tick: number })[];
  chats: Set<string>;
  mark: Mark | null | undefined;
  marked: boolean;
  tries: number;
  dropped: boolean;
  last: string | null;
  running: boolean;
};

const persons = 8;
const maxTries = 3;
const mostWaiting = 200;
const mostDone = 20_000;
/** After an outage of ours, after the first failure, after the second. */
const retryMs = [1_000, 1_000, 3_000];
const lookMs = 200;
const owedMs = 90_000;
const stopMs = 2_000;

export function makeInbox(rules: InboxRules) {
  const lanes = new Map<string, Lane>();
  const done = new Set<string>();
  const free: (() => void)[] = [];
  const working = new Set<Promise<void>>();
  let busy = 0;
  let stopping = false;

  function laneOf(person: string): Lane {
    const before = lanes.get(person);
    if (before !== undefined) return before;
    const lane: Lane = {
      ...{ person, queue: [], chats: new Set<string>(), mark: undefined, marked: false },
      ...{ tries: 0, dropped: false, last: null, running: false },
    };
    lanes.set(person, lane);
    return lane;
  }

  function take(list: Said[]): void {
    if (stopping) return;
    const told = new Set<Lane>();
    for (const said of list) {
      const lane = laneOf(said.person);
      told.add(lane);
      lane.chats.add(said.chat);
      if (done.has(said.id) || lane.queue.some(({ id }) => id === said.id)) continue;
      if (lane.queue.length < mostWaiting) lane.queue.push({ ...said, tick: rules.tick() });
      else lane.dropped = true;
    }
    // Only when all are in their queues: a lane that began before would mark the rest as seen.
    for (const lane of told) {
      if (lane.running) continue;
      lane.running = true;
      const work: Promise<void> = run(lane).finally(() => working.delete(work));
      working.add(work);
    }
  }

  async function run(lane: Lane): Promise<void> {
    if (busy >= persons) await new Promise<void>((go) => free.push(go));
    else busy += 1;
    do {
      while (lane.queue.length > 0 && !stopping) await handle(lane);
      await confirm(lane);
    } while (lane.queue.length > 0 && !stopping);
    lane.running = false;
    lanes.delete(lane.person);
    if (lane.dropped) rules.again();
    const nextOne = free.shift();
    if (nextOne) nextOne();
    else busy -= 1;
  }

  /** One message, or one try at it. */
  async function handle(lane: Lane): Promise<void> {
    const [said] = lane.queue;
    if (said === undefined) return;
    try {
      lane.mark ??= (await rules.marks.load(lane.person)) ?? null;
      lane.marked ||= lane.mark !== null;
      if (!covered(lane.mark, said)) await rules.receive(said, said.tick < rules.promptedAt(lane.person));
    } catch (error) {
      lane.tries += rules.isOutage(error) ? 0 : 1;
      if (lane.tries < maxTries) return rules.wait(retryMs[lane.tries] ?? 0);
      rules.setAside(said, lane.tries, error);
    }
    lane.tries = 0;
    lane.queue.shift();
    lane.last = said.id;
    remember(said.id);
    lane.mark = advanced(lane.mark ?? null, said);
    if (lane.queue.length > 0) await keep(lane);
  }

  /** Everything of this person is done and answered: WhatsApp need not tell it again. */
  async function confirm(lane: Lane): Promise<void> {
    for (let waited = 0; rules.owes(lane.person) && waited < owedMs; waited += lookMs) {
      if (lane.queue.length > 0 || stopping) return;
      await rules.wait(lookMs);
    }
    if (lane.queue.length > 0) return;
    if (rules.owes(lane.person)) {
      // The answer never went out. Unconfirmed, the message comes again, and its answer with it.
      rules.forgive(lane.person);
      if (lane.last !== null) done.delete(lane.last);
      return rules.again();
    }
    if (lane.dropped) return;
    const outcomes = await Promise.all([...lane.chats].map(rules.seen));
    if (!outcomes.every(Boolean)) return keep(lane);
    if (lane.marked) await rules.marks.forget(lane.person).catch(() => {});
    lane.marked = false;
  }

  /** A mark that could not be kept costs a repeated answer after a kill, no more. */
  async function keep(lane: Lane): Promise<void> {
    if (!lane.mark) return;
    lane.marked = true;
    await rules.marks.save(lane.person, lane.mark).catch(() => {});
  }

  function covered(mark: Mark | null | undefined, said: Said): boolean {
    if (!mark || said.sentAt === 0) return false;
    return said.sentAt < mark.at || (said.sentAt === mark.at && mark.ids.includes(rules.hash(said.id)));
  }

  function advanced(mark: Mark | null, said: Said): Mark | null {
    if (said.sentAt === 0 || (mark && said.sentAt < mark.at)) return mark;
    const ids = mark && mark.at === said.sentAt ? mark.ids : [];
    return { at: said.sentAt, ids: [...ids, rules.hash(said.id)] };
  }

  function remember(id: string): void {
    done.add(id);
    const [oldest] = done;
    if (done.size > mostDone && oldest !== undefined) done.delete(oldest);
  }

  return {
    take,
    /** What is in hand is finished; the rest stays unread and comes again. */
    async stop(): Promise<void> {
      stopping = true;
      for (const go of free.splice(0)) go();
      await Promise.race([Promise.all(working), rules.wait(stopMs)]);
    },
  };
}
