// Empties the outbox: posts what is due, again and again until the other side has it. Killed between
// the answer and the mark, it posts the same id again, and the receiver keeps one.
import { randomInt } from 'node:crypto';
import { codeOf, type Log } from '../log.ts';
import { watched } from '../store/crash.ts';
import type { Keep } from '../store/keep.ts';
import type { Seals } from '../store/keys.ts';
import { type Due, delivered, lease, next, nextDue, postpone, setAside, type Target } from '../store/outbox.ts';
import { post } from './post.ts';
import { sign } from './sign.ts';

const leaseMs = 30_000;
const batch = 16;
const waits = [2_000, 10_000, 30_000];
const longest = 60_000;
const idle = 30_000;
/** A receiver that hangs must not hold up an end: its event is posted again at the next start. */
const lastWait = 5_000;
/** Answers of somebody who read the event and will never take it, and how many of them in a row are believed. */
const refusals = [400, 413, 422];
const believed = 10;

/** Where others write to the same outbox: one that was killed wakes nobody. */
const look = 2_000;

type Post = typeof post;
type Delivery = {
  keep: Keep;
  seal: Seals;
  urls: Record<Target, string>;
  secrets: string[];
  log: Log;
  now: () => number;
  /** Other processes write to this outbox too. */
  shared?: boolean;
  /** Another way to the other side than the network. */
  post?: Post;
};
export type Deliver = {
  /** Something was written: look now. */
  wake(): void;
  /** Finishes what is being posted and posts nothing new. */
  stop(): Promise<void>;
};

/** ±20 %, so that many waiting events do not come back in one wave. */
const spread = (ms: number) => ms - ms / 5 + randomInt(Math.max(1, Math.floor((ms * 2) / 5)));

export function startDeliver(given: Delivery): Deliver {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  const round = makeRound(given);

  const wake = () => {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = round()
      .catch((error) => given.log.error('the outbox could not be read', { code: codeOf(error) }))
      .then(async () => {
        running = null;
        if (again) {
          again = false;
          wake();
        } else await plan();
      });
  };
  const plan = async () => {
    if (stopped) return;
    const due = await nextDue(given.keep).catch(() => given.now() + longest);
    if (stopped || running !== null) return;
    // With nothing due it looks again all the same: an operator's tool writes from another process.
    const most = given.shared ? look : idle;
    timer = setTimeout(wake, due === null ? most : Math.min(most, Math.max(50, due - given.now())));
  };
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, lastWait).unref())]);
    },
  };
}

/** One look at the outbox, until nothing is due any more. */
export function makeRound(given: Delivery): () => Promise<void> {
  const { after } = watched();
  const send: Post = (...event) => (given.post ?? post)(...event).finally(after);
  return async () => {
    for (;;) {
      const { keep, seal, now, shared } = given;
      const due = shared ? await lease(keep, seal, now(), leaseMs, batch) : await next(keep, seal, now(), batch);
      if (due.length === 0) return;
      const taken = await Promise.all(due.map(async (one) => ((await deliverOne({ ...given, post: send }, one)) ? [one.id] : [])));
      await delivered(keep, taken.flat());
    }
  };
}

/** Whether the other side has it. */
async function deliverOne({ keep, urls, secrets, log, now, post }: Delivery & { post: Post }, event: Due): Promise<boolean> {
  if (event.body === null) {
    log.error('an event is damaged and cannot be sent', { caseId: event.caseId, count: event.attempts + 1 });
    await postpone(keep, event.id, event.attempts + 1, event.refused, now() + longest);
    return false;
  }
  const body = Buffer.from(event.body);
  const outcome = await post(urls[event.target], sign(secrets, event.id, body, now()), body).catch(codeOf);
  if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) return true;
  const fields = { caseId: event.caseId, count: event.attempts + 1, ms: now() - event.createdAt };
  const refused = typeof outcome === 'number' && refusals.includes(outcome) ? event.refused + 1 : 0;
  if (refused >= believed) {
    await setAside(keep, event.id, now());
    log.error('an event was set aside: the other side refuses it', { ...fields, status: Number(outcome) });
    return false;
  }
  const wait = spread(waits[event.attempts] ?? longest);
  await postpone(keep, event.id, event.attempts + 1, refused, now() + wait);
  const late = fields.ms > longest ? log.error : log.warn;
  late('an event is not delivered yet', typeof outcome === 'number' ? { ...fields, status: outcome } : { ...fields, code: outcome });
  return false;
}
