// Several endpoints, and something new while events are on their way: each visit that ended looked at all
// endpoints again, which marked the others, which did the same. It never ended and took the whole process.
import type { KyselyPlugin } from 'kysely';
import { expect, it } from 'vitest';
import { startDesk } from '../support/desk.ts';
import { courierOn, events, registered, states } from '../support/outside.ts';
import { until } from '../support/product.ts';

it('when everything is told, nobody looks any more', async () => {
  const on = await startDesk();
  const asked = { count: 0 };
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      asked.count += 1;
      return node;
    },
    // As a database does that is not in this process.
    async transformResult({ result }) {
      await new Promise((go) => setImmediate(go));
      return result;
    },
  };
  const endpoints = await Promise.all(Array.from({ length: 8 }, () => registered(on)));
  for (const { id } of endpoints) await events(on, id, 12, 3);
  on.desk.keep = on.desk.keep.withPlugin(counting);
  const by = courierOn(on);
  for (const { receiver } of endpoints)
    receiver.state.behave = (_, response) => {
      by.wake();
      response.writeHead(202).end();
    };
  by.wake();
  for (const { id } of endpoints) await until(async () => (await states(on, id))['delivered'] === 12, 'all is told');
  // Whatever was woken last has its look.
  const calm = async () => {
    const before = asked.count;
    for (let turn = 0; turn < 300; turn += 1) await new Promise((go) => setImmediate(go));
    return asked.count === before;
  };
  await until(calm, 'the store is left alone', 10_000);
  await by.stop();
  expect(endpoints.map(({ receiver }) => receiver.effects.length)).toEqual(endpoints.map(() => 12));
  for (const { receiver } of endpoints) await receiver.stop();
  await on.stop();
});
