// A person whose address changes while they talk to us: WhatsApp shows somebody under a number today and
// under an id without one tomorrow. They stay who they are, with their answers and their request.
import { expect, it } from 'vitest';
import { addressOf } from '../../src/store/addresses.ts';
import { makeTalk, makeWorld } from '../support/talk.ts';
import { toGate, toReceipt, walkTo } from '../support/ways.ts';

const number = '1555@c.us';
const id = '777@lid';
const setting = { channel: 'whatsapp', choices: 'numbers' } as const;

async function two() {
  const built = await makeWorld(setting);
  const before = await makeTalk(setting, built, number);
  const after = await makeTalk({ ...setting, formerly: [number] }, built, id);
  return { before, after, world: built.world, logged: built.logged };
}

it('in the middle of the questions they go on where they were', async () => {
  const { before, after, world } = await two();
  await walkTo(before, toGate);
  const session = await before.session();
  await after.arrives({ kind: 'text', text: 'what?' }, 'n1');
  expect(before.last()?.text).toContain('Who needs help?');
  expect(after.last()?.text).toContain('Who needs help?');
  expect((await after.session())?.conversation).toBe(session?.conversation);
  expect(await world.sessions.load(world.index('person', 'whatsapp', number))).toBeUndefined();
});

it('a message that was handled under the old address is not handled again under the new one', async () => {
  const { before, after } = await two();
  await walkTo(before, toGate);
  await before.arrives({ kind: 'text', text: '1' }, 'same');
  const answer = before.answer();
  const session = await before.session();
  await after.arrives({ kind: 'text', text: '1' }, 'same');
  expect(after.answer()).toBe(answer);
  expect((await after.session())?.session).toEqual(session?.session);
});

it('with an open request, it follows them: the caseworker reaches the new address, and their words reach the case', async () => {
  const { before, after, world, logged } = await two();
  await walkTo(before, toReceipt);
  const [opened] = await before.events();
  await after.arrives({ kind: 'text', text: 'hello' }, 'n1');
  expect(await addressOf(world.keep, world.index('person', 'whatsapp', number))).toBeUndefined();
  expect((await addressOf(world.keep, world.index('person', 'whatsapp', id)))?.case_id).toBe(opened.data.case_id);
  const answer = await after.desk('message.send', {
    case_id: opened.data.case_id,
    seq: 9,
    message_id: 'm_0000000000000001',
    text: 'From the team',
  });
  expect(answer.status).toBe(202);
  expect(after.answer()).toContain('From the team');
  await after.arrives({ kind: 'text', text: 'my own words' }, 'n2');
  expect((await after.events()).at(-1)).toMatchObject({ type: 'message.received', data: { text: 'my own words' } });
  expect(logged.join('')).not.toMatch(/1555|777@/);
});

it('even when the session is long gone, the request follows them', async () => {
  const { before, after, world } = await two();
  await walkTo(before, toReceipt);
  await world.sessions.forget(world.index('person', 'whatsapp', number));
  await after.arrives({ kind: 'text', text: 'hello' }, 'n1');
  expect(await addressOf(world.keep, world.index('person', 'whatsapp', id))).toBeDefined();
});

it('somebody with a talk of their own under the new address keeps it', async () => {
  const { before, after, world } = await two();
  await walkTo(before, toGate);
  const own = await makeTalk(setting, undefined, id);
  await own.starts();
  const built = await makeTalk(setting, { world, clock: after.clock, logged: [], store: (await makeWorld()).store }, id);
  await built.starts();
  const conversation = (await built.session())?.conversation;
  await after.arrives({ kind: 'text', text: 'hello' }, 'n1');
  expect((await after.session())?.conversation).toBe(conversation);
});
