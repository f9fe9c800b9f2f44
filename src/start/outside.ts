// Outside case systems put together: the courier on the desk's store, what was taken and not yet done,
// and figures for those who watch.

import { announceAround } from '../desk/announce.ts';
import type { Desk } from '../desk/desk.ts';
import { finishAll } from '../desk/outside-acts.ts';
import { type Courier, startCourier } from '../handoff/courier.ts';
import { makeSend } from '../handoff/send.ts';
import type { Gauge } from '../http/health.ts';
import { codeOf } from '../log.ts';
import { releaseDeliveries } from '../store/deliveries.ts';
import { listEndpoints } from '../store/endpoints.ts';
import { deliveryCounts } from '../store/feed.ts';
import { transact } from '../store/transact.ts';

const finishMs = 30_000;

export type Outside = Courier & {
  /** Tells the head of the audit log: known elsewhere, it shows a log that was cut or written anew. */
  publish(rows: number, mac: string): Promise<void>;
};

/** `shared`: other processes on this database may hold leases of their own. */
export async function startOutside(desk: Desk, shared: boolean): Promise<Outside> {
  const { keep, seal, log } = desk;
  const now = () => desk.now().getTime();
  if (!shared) await releaseDeliveries(keep);
  await finishAll(desk);
  const { send, close } = makeSend(desk.addresses, now);
  const courier = startCourier({
    keep,
    seal,
    log,
    send,
    now,
    disabled: (endpoint, reason) => transact(keep, (tx) => announceAround(desk, tx, 'endpoint.disabled', { endpoint, reason }, now())),
  });
  // What was taken and failed then is done now; usually there is nothing.
  const rest = () => finishAll(desk).catch((error) => log.error('outside events could not be done', { code: codeOf(error) }));
  const finisher = setInterval(rest, finishMs);
  finisher.unref();
  return {
    ...courier,
    async publish(rows, mac) {
      await transact(keep, (tx) => announceAround(desk, tx, 'audit.head', { rows, mac }, now()));
      courier.wake();
    },
    async stop() {
      clearInterval(finisher);
      await courier.stop();
      close();
    },
  };
}

/** Endpoints by id; nothing personal. */
export async function outsideFigures(desk: Pick<Desk, 'keep' | 'seal' | 'now'>): Promise<Gauge[]> {
  const now = desk.now().getTime();
  const counts = await deliveryCounts(desk.keep);
  const endpoints = await listEndpoints(desk.keep, desk.seal);
  return endpoints.flatMap(({ id, failingSince, state }) => {
    const of = (name: string) => counts.find((one) => one.endpoint === id && one.state === name);
    const waiting = of('waiting');
    const labels = { endpoint: id };
    const age = waiting === undefined ? 0 : Math.max(0, (now - waiting.oldest) / 1000);
    const failing = failingSince === null ? 0 : Math.max(0, (now - failingSince) / 1000);
    return [
      { name: 'avr_endpoint_on', help: '1 while an endpoint is not paused and not turned off', value: state === 'on' ? 1 : 0, labels },
      { name: 'avr_endpoint_oldest_seconds', help: 'Age of the oldest event an endpoint waits for', value: age, labels },
      { name: 'avr_endpoint_failing_seconds', help: 'How long an endpoint has taken nothing', value: failing, labels },
      { name: 'avr_endpoint_dead', help: 'Events given up; replay sends them again', value: of('dead')?.count ?? 0, labels },
    ];
  });
}
