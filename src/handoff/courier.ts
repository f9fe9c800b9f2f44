// Brings events to outside endpoints. Each endpoint has a visit of its own, so a slow or broken one
// holds up nobody else, and at most a handful of events of each is in memory. Killed between the
// answer and the mark, it posts the same id again, and a receiver that keeps ids has one effect.
import { randomInt } from 'node:crypto';
import { codeOf, type Log } from '../log.ts';
import { watched } from '../store/crash.ts';
import { allDue, bury, defer, giveUp, hasWaiting, type Leased, leaseFor, prune, settle, type Taken } from '../store/deliveries.ts';
import { type Endpoint, endpointNames, findEndpoint, noteHealth, noteWell, secretsNow, setState } from '../store/endpoints.ts';
import type { Keep } from '../store/keep.ts';
import type { Seals } from '../store/keys.ts';
import { afterFailures, alertsDue, deadAfter, disabledAfter, type Failure, isDoubted, nextTry, widthOf } from './pace.ts';
import { type Send, Undelivered } from './send.ts';
import { sign } from './sign.ts';

const leaseMs = 60_000;
const tickMs = 5_000;
const keptMs = 30 * 86_400_000;
const pruneMs = 3_600_000;

type Told = {
  keep: Keep;
  seal: Seals;
  send: Send;
  log: Log;
  now: () => number;
  /** An endpoint was turned off: it is told to those who should know. */
  disabled(id: string, reason: 'gone' | 'failing'): Promise<void>;
};
type Given = Told & { mark: Mark };
export type Courier = {
  /** Something was written: look now. */
  wake(): void;
  /** One look at every endpoint; ends when each visit of it has. */
  round(): Promise<void>;
  /** Finishes what is being posted and posts nothing new. */
  stop(): Promise<void>;
};

export function makeCourier(told: Told): Courier {
  const { after } = watched();
  const given: Given = { ...told, send: (...event) => told.send(...event).finally(after), mark: makeMark(told) };
  const visits = new Map<string, Promise<void>>();
  /** Endpoints for which something came while a visit was under way. */
  const again = new Set<string>();
  let stopped = false;
  let prunedAt = 0;
  /** A look is about to begin and will see whatever is written by now. */
  let coming = false;
  const visit = (id: string): Promise<void> => {
    const running = visits.get(id);
    if (running !== undefined) again.add(id);
    if (running !== undefined || stopped) return running ?? Promise.resolve();
    const begun = visitOne(given, id, () => stopped)
      .catch((error) => given.log.error('an endpoint could not be visited', { code: codeOf(error), path: pathOf({ id }) }))
      .finally(() => {
        visits.delete(id);
        // This one alone: looks at all of them from here would call each other without end.
        if (again.delete(id)) void visit(id);
      });
    visits.set(id, begun);
    return begun;
  };
  const round = async (): Promise<void> => {
    if (given.now() - prunedAt >= pruneMs) {
      prunedAt = given.now();
      await prune(given.keep, prunedAt - keptMs);
    }
    const known = await endpointNames(given.keep);
    await Promise.all(known.map(([id]) => visit(id)));
  };
  const wake = () => {
    if (stopped || coming) return;
    coming = true;
    setImmediate(() => {
      coming = false;
      round().catch((error) => given.log.error('endpoints could not be read', { code: codeOf(error) }));
    });
  };
  return {
    round,
    wake,
    async stop() {
      stopped = true;
      await Promise.all(visits.values());
    },
  };
}

/** Resolves when the store knows that an endpoint has it. */
type Mark = (taken: Taken) => Promise<void>;

/** Whatever was taken while the disk was busy is marked together: a backlog waits for the disk more than for anything else. */
function makeMark({ keep, now }: Pick<Told, 'keep' | 'now'>): Mark {
  let next: { taken: Taken[]; done: Promise<void> } | null = null;
  let before: Promise<unknown> = Promise.resolve();
  return (one) => {
    if (next === null) {
      const taken: Taken[] = [];
      const done = before
        .then(() => new Promise<void>((go) => void setImmediate(go)))
        .then(() => {
          next = null;
          return settle(keep, taken, now());
        });
      before = done.catch(() => {});
      next = { taken, done };
    }
    next.taken.push(one);
    return next.done;
  };
}

/** The same, by itself every few seconds. */
export function startCourier(given: Told): Courier {
  const courier = makeCourier(given);
  const timer = setInterval(courier.wake, tickMs);
  courier.wake();
  return {
    ...courier,
    stop() {
      clearInterval(timer);
      return courier.stop();
    },
  };
}

/** A moment to wait for; one further away than any wait was written before the clock was set back. */
const isAhead = (at: number, now: number) => at > now && at <= now + deadAfter;
const pathOf = ({ id }: Pick<Endpoint, 'id'>) => `/desk/endpoints/${id}`;

/** Everything that is due, or one probe; as long as the endpoint takes it. */
async function visitOne(given: Given, id: string, stopped: () => boolean): Promise<void> {
  const { keep, log } = given;
  const dead = await bury(keep, id, given.now() - deadAfter, given.now());
  if (dead > 0) log.error('events were given up', { path: pathOf({ id }), count: dead });
  for (;;) {
    const known = await findEndpoint(keep, given.seal, id);
    if (known === null || stopped()) return;
    const now = given.now();
    if (known.state !== 'on' || known.url === null || !(await hasWaiting(keep, known.id))) return;
    await raiseAlerts(given, known);
    if (known.failingSince !== null && now - known.failingSince >= disabledAfter) return turnOff(given, known, 'failing');
    if (!known.asleep && isDoubted(known, now)) {
      await noteHealth(keep, known.id, { asleep: 1, probe_at: now });
      continue;
    }
    if (isAhead(known.holdUntil, now) || (known.asleep && isAhead(known.probeAt, now))) return;
    const limit = known.asleep ? 1 : widthOf(known, now);
    const letters = await leaseFor(keep, given.seal, known.id, { now, leaseMs, limit, probe: known.asleep });
    if (letters.length === 0) return;
    const endpointNow = known;
    const failed = (await Promise.all(letters.map((letter) => deliverOne(given, endpointNow, letter)))).filter((one) => one !== null);
    if (failed.some(({ status }) => status === 410)) return turnOff(given, known, 'gone');
    if (failed.length < letters.length) {
      if (known.failures > 0 || known.asleep) await noteWell(keep, known.id);
      if (known.asleep) await allDue(keep, known.id, given.now());
    } else {
      const { failures, failingSince, asleep, probeAt, holdUntil, slowUntil } = afterFailures(known, failed, given.now());
      const sleeping = asleep ? 1 : 0;
      const health = { failures, failing_since: failingSince, asleep: sleeping, probe_at: probeAt, hold_until: holdUntil };
      await noteHealth(keep, known.id, { ...health, slow_until: slowUntil });
    }
  }
}

/** Null when the endpoint took it. */
async function deliverOne(given: Given, endpoint: Endpoint, letter: Leased): Promise<Failure | null> {
  const { keep, log } = given;
  if (letter.body === null) {
    log.error('an event is damaged and cannot be sent', { path: pathOf(endpoint), caseId: letter.caseId });
    await giveUp(keep, letter.pos, given.now());
    return null;
  }
  const body = Buffer.from(letter.body);
  const headers = sign(secretsNow(endpoint, given.now()), letter.id, body, given.now());
  const attempts = letter.attempts + 1;
  const outcome = await given.send(endpoint.url ?? '', headers, body).catch((error: unknown) => {
    if (error instanceof Undelivered) return error.code;
    throw error;
  });
  const now = given.now();
  const answered = typeof outcome === 'object';
  if (answered && outcome.status >= 200 && outcome.status < 300) {
    await given.mark({ pos: letter.pos, status: outcome.status, attempts });
    return null;
  }
  const failure = { status: answered ? outcome.status : null, retryAfterMs: answered ? outcome.retryAfterMs : null };
  const code = answered ? null : outcome;
  const dueAt = Math.max(nextTry(attempts, letter.since, now, randomInt(1000) / 1000), now + (failure.retryAfterMs ?? 0));
  await defer(keep, letter.pos, { status: failure.status, code }, attempts, dueAt, now);
  const fields = { path: pathOf(endpoint), caseId: letter.caseId, count: attempts, ms: now - letter.since };
  log.warn(
    'an event is not delivered yet',
    failure.status === null ? { ...fields, code: outcome as string } : { ...fields, status: failure.status },
  );
  return failure;
}

async function raiseAlerts({ keep, log, now }: Given, endpoint: Endpoint): Promise<void> {
  const due = alertsDue(endpoint.failingSince, now());
  if (due <= endpoint.alerted) return;
  const ms = now() - (endpoint.failingSince ?? now());
  log.error('an endpoint takes nothing', { path: pathOf(endpoint), count: due, ms });
  await noteHealth(keep, endpoint.id, { alerted: due });
}

async function turnOff({ keep, log, disabled }: Given, endpoint: Endpoint, reason: 'gone' | 'failing'): Promise<void> {
  await setState(keep, endpoint.id, 'disabled');
  log.error('an endpoint was turned off', { path: pathOf(endpoint), state: reason });
  await disabled(endpoint.id, reason);
}
