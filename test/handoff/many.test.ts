// Twenty case systems at once, five of them broken in five ways: the others have everything, and never
// more than a handful of events of each is under way, so the memory needed does not grow with the backlog.
import { expect, it } from 'vitest';
import { startDesk } from '../support/desk.ts';
import { courierOn, events, registered, states } from '../support/outside.ts';
import type { Behaviour } from '../support/receiver.ts';

const each = 60;
const broken: Behaviour[] = [
  500,
  429,
  (request) => void request.socket.destroy(),
  () => {},
  (_, response) => void response.writeHead(302, { location: '/' }).end(),
];

it('a broken receiver costs the healthy ones nothing', async () => {
  const on = await startDesk();
  const endpoints = await Promise.all(Array.from({ length: 20 }, () => registered(on)));
  const under = { way: 0, most: 0 };
  for (const [at, { id, receiver }] of endpoints.entries()) {
    const open = { now: 0 };
    receiver.state.behave =
      broken[at] ??
      ((_, response) => {
        open.now += 1;
        under.way += 1;
        under.most = Math.max(under.most, under.way);
        expect(open.now).toBeLessThanOrEqual(4);
        setImmediate(() => {
          open.now -= 1;
          under.way -= 1;
          response.writeHead(202).end();
        });
      });
    await events(on, id, each, 10);
  }
  const by = courierOn(on, { connectMs: 1_000, totalMs: 2_000 });
  await by.round();
  for (const [at, { id, receiver }] of endpoints.entries()) {
    const sick = at < broken.length;
    expect([at, await states(on, id)]).toEqual([at, sick ? { waiting: each } : { delivered: each }]);
    if (sick) expect(receiver.state.requests).toBeLessThanOrEqual(8);
  }
  expect(under.most).toBeLessThanOrEqual(60);
  await by.stop();
  for (const { receiver } of endpoints) await receiver.stop();
  await on.stop();
});
