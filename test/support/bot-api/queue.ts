// The update queue with real long polling: an update stays until a higher offset confirms it, comes
// again until then, and of two pollers the first is turned away.
import { fail, ok, type Reply } from './reply.ts';

export type Update = { update_id: number } & Record<string, unknown>;
type Poll = { offset: number; limit: number; timeout: number };

const conflict = (why: string) => fail(409, `Conflict: ${why}`);
const hangLimitMs = 60_000;

export function makeQueue() {
  const waiting: Update[] = [];
  const deliveries = new Map<number, number>();
  let last = 500_000_000;
  let webhook = false;
  let endCurrent: ((reply: Reply) => void) | undefined;
  let wake: (() => void) | undefined;
  let pushed: (() => void) | undefined;

  /** An offset beyond the newest id confirms nothing: ids may have started anew after an idle week. */
  function confirm(offset: number): void {
    if (offset > last + 1) return;
    while (waiting[0] && waiting[0].update_id < offset) waiting.shift();
  }

  function batch(limit: number): Update[] {
    const taken = waiting.slice(0, limit);
    for (const { update_id: id } of taken) deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
    return taken;
  }

  return {
    /** Puts an update at the end and returns its id. */
    push(content: Record<string, unknown>): number {
      last += 1;
      waiting.push({ update_id: last, ...content });
      wake?.();
      pushed?.();
      return last;
    },
    /** As after an idle week: the next id is this one. The queue has to be empty. */
    jump(next: number): void {
      if (waiting.length > 0) throw new Error('updates still wait');
      last = next - 1;
    },
    async poll({ offset, limit, timeout }: Poll, gone: AbortSignal): Promise<Reply> {
      if (webhook) return conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
      endCurrent?.(conflict('terminated by other getUpdates request; make sure that only one bot instance is running'));
      confirm(offset);
      if (waiting.length > 0 || timeout === 0) return ok(batch(limit));
      return new Promise((resolve) => {
        const end = (reply: Reply) => {
          clearTimeout(timer);
          gone.removeEventListener('abort', leave);
          endCurrent = undefined;
          wake = undefined;
          resolve(reply);
        };
        const leave = () => end(ok([]));
        const timer = setTimeout(leave, Math.min(timeout * 1_000, hangLimitMs));
        endCurrent = end;
        wake = () => end(ok(batch(limit)));
        gone.addEventListener('abort', leave);
      });
    },
    end: () => endCurrent?.(ok([])),
    setWebhook: (set: boolean) => {
      webhook = set;
      if (set) endCurrent?.(conflict('terminated by setWebhook request'));
    },
    polling: () => endCurrent !== undefined,
    /** What is not confirmed, oldest first, and for a webhook: who to tell of more, a delivery, and that one was taken. */
    waiting: (): readonly Update[] => waiting,
    onPush: (tell: () => void) => {
      pushed = tell;
    },
    noteDelivery: (id: number) => deliveries.set(id, (deliveries.get(id) ?? 0) + 1),
    remove(id: number): void {
      const at = waiting.findIndex((update) => update.update_id === id);
      if (at >= 0) waiting.splice(at, 1);
    },
    pending: () => waiting.map(({ update_id: id }) => id),
    deliveries: (id: number) => deliveries.get(id) ?? 0,
  };
}

export type Queue = ReturnType<typeof makeQueue>;
