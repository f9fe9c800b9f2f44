// The load generator as a process of its own, so that its work is not counted as a bot's. It takes one order
// at a time over its line to the bench and answers each with what was seen.
import type { How } from './script.ts';
import { openTelegram, type Told } from './telegram.ts';

export type Order = {
  /** `walk`: the whole script, or its first `steps`. `chatter`: as many updates to a bot that says one thing. `forget`: the bot before is gone. */
  do: 'walk' | 'chatter' | 'forget';
  first: number;
  count: number;
  concurrency: number;
  how: How;
  steps?: number;
};

const telegram = await openTelegram();
process.send?.({ root: telegram.root });
process.on('message', async (order: Order) => {
  if (order.do === 'forget') return telegram.unhook();
  for (let i = 0; i < 200 && !telegram.hooked(); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  telegram.wrong.length = 0;
  telegram.cases.clear();
  for (const name of Object.keys(telegram.calls)) telegram.calls[name] = 0;
  const one = (id: number, latencies: number[]) =>
    order.do === 'walk' ? telegram.walk(id, order.how, latencies, order.steps) : telegram.chatter(id, order.how, latencies);
  const { latencies, finished, seconds } = await telegram.people(order.first, order.count, order.concurrency, one);
  // A case is handed over by an outbox: it may come a moment after its receipt.
  const whole = order.do === 'walk' && order.steps === undefined;
  for (let i = 0; whole && i < 200 && telegram.cases.size < order.count; i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  const told: Told = {
    updates: latencies.length,
    latencies,
    seconds,
    finished,
    cases: telegram.cases.size,
    doubled: [...telegram.cases.values()].filter((times) => times > 1).length,
    wrong: telegram.wrong.slice(0, 20),
    calls: { ...telegram.calls },
  };
  process.send?.(told);
});
process.on('disconnect', () => process.exit(0));
