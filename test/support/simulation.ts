// A small world under one seed: people at phones and pages, caseworkers, a case system elsewhere, hours that
// pass, and whatever can go wrong. Before a deed that is to go wrong the world is copied; in the copy the deed
// goes well, and afterwards both have to be alike. The invariants are looked at after every fault.
import { setState } from '../../src/store/endpoints.ts';
import { makeChance } from './chance.ts';
import { nextDeed, nextTrouble, type World } from './deeds.ts';
import { brokenIn, essenceOf } from './invariants.ts';
import type { Line } from './life.ts';
import { makeSandbox } from './sandbox.ts';
import { deskDoes, settle, settled, someone } from './someone.ts';
import { shippedContent } from './talk.ts';
import { toReceipt, toReturnConsent } from './ways.ts';

const canaries = ['quince-lantern-said', 'quince-lantern-replied', 'lantern-person'];
const toTalk = [...toReturnConsent.slice(0, -1), 'yes'];

/** Where people stand when it begins. */
const stands: readonly (readonly [channel: 'telegram' | 'web', codes: readonly string[]])[] = [
  ['telegram', toReceipt],
  ['web', toReceipt],
  ['telegram', [...toTalk, 'yes']],
  ['web', [...toTalk, 'yes']],
  ['telegram', toReceipt.slice(0, -1)],
  ['web', toTalk],
  ['telegram', ['en', 'by']],
];
const nameOf = (channel: string, i: number) => `${channel === 'web' ? 'w_' : ''}lantern-person-${i}`.padEnd(45, 'a');

let beginning: Promise<World> | undefined;

async function begun(): Promise<World> {
  const box = await makeSandbox();
  const people = stands.map(([channel], i) => someone(box, channel, nameOf(channel, i)));
  for (const [i, me] of people.entries()) {
    await me.starts();
    await me.taps(...(stands[i]?.[1] ?? []));
  }
  return { box, people };
}

async function copyOf({ box, people }: World): Promise<World> {
  const copy = await makeSandbox(box);
  return { box: copy, people: people.map((one) => someone(copy, one.channel, one.name, one.sent())) };
}

const targets = ['cases', 'messages', 'elsewhere'] as const;
const lines: readonly Line[] = ['sound', 'sound', 'down', 'answer lost', 'twice'];

export type Outcome = { broken: string[]; trace: string[] };

/** `mostDeeds`: how long it goes on. */
export async function simulate(seed: number, mostDeeds = 20): Promise<Outcome> {
  beginning ??= begun();
  const chance = makeChance(seed);
  const world = await copyOf(await beginning);
  const { box, people } = world;
  const trace: string[] = [];
  const broken: string[] = [];
  const ends = watchEnds(world);
  try {
    for (let n = 1; n <= mostDeeds && broken.length === 0; n += 1) {
      if (chance.is(0.1)) {
        const [target, line] = [chance.of(targets), chance.of(lines)];
        box.faults.lines[target] = line;
        trace.push(`the line to ${target} is ${line}`);
      }
      const deed = await nextDeed(chance, world, n);
      const wrong = nextTrouble(chance);
      trace.push(wrong === null ? deed.says : `${deed.says} [${wrong.says}]`);
      const sound = wrong !== null && !deed.torn ? await copyOf(world) : null;
      try {
        const heard = new Map(people.map(({ name }) => [name, countsOf(world, name)]));
        if (sound !== null) await deed.does(sound);
        box.arm(wrong?.fault ?? {});
        await deed.does(world);
        if (sound !== null) broken.push(...saidTooOften(world, sound, heard, await problem()));
        if (box.dead()) await box.again();
        box.arm({});
        if (sound !== null && deed.again) await Promise.all([deed.does(sound), deed.does(world)]);
        if (sound !== null) broken.push(...(await apart(world, sound, deed.byCouriers === true, chance.is(0.5))));
      } finally {
        await sound?.box.end();
      }
      if (wrong !== null) broken.push(...(await brokenIn(box, canaries, true)));
      broken.push(...(await ends.broken()));
    }
    if (broken.length === 0) broken.push(...(await ending(world, ends.handed)));
  } catch (error) {
    broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await box.end();
  }
  return { broken, trace };
}

const problem = async () => (await shippedContent()).catalog.text('en', 'common', 'notices.problem');
const countsOf = (world: World, name: string) => Map.groupBy(world.box.screen(name), (one) => one.text);

/**
 * Nobody is told anything once too often but the replies of one message, when a fault cut it short. A question that
 * stands below two waiting words is told with each of them, and with each of them again. `heard`: before this deed.
 */
function saidTooOften(world: World, sound: World, heard: Map<string, ReturnType<typeof countsOf>>, problem: string): string[] {
  return world.people.flatMap(({ name }) => {
    const wanted = countsOf(sound, name);
    return [...countsOf(world, name)].flatMap(([text, times]) => {
      const should = wanted.get(text)?.length ?? 0;
      const over = times.length - should;
      return over > Math.max(1, should - (heard.get(name)?.get(text)?.length ?? 0)) && text !== problem
        ? [`I4 ${name} was told ${over} times too often: ${text}`]
        : [];
    });
  });
}

type Essence = Awaited<ReturnType<typeof essenceOf>>['all'];
const atOnce = ['consents', 'addresses', 'known', 'kept'] as const;
const inTheEnd = [...atOnce, 'cases', 'said', 'audit', 'left', 'heard'] as const;

/** What is not as it would have been without the trouble. */
async function apart(world: World, sound: World, byCouriers: boolean, wait: boolean): Promise<string[]> {
  const compare = async (names: readonly (keyof Essence)[]): Promise<string[]> => {
    const [was, should] = [(await essenceOf(world.box, world.people)).all, (await essenceOf(sound.box, sound.people)).all];
    return names.flatMap((name) => {
      const [here, there] = [was[name].map((row) => JSON.stringify(row)), should[name].map((row) => JSON.stringify(row))];
      const [more, less] = [here.filter((row) => !there.includes(row)), there.filter((row) => !here.includes(row))];
      return more.length + less.length === 0 ? [] : [`I1 ${name}: there is\n${more.join('\n')}\nand should be\n${less.join('\n')}`];
    });
  };
  const found = byCouriers ? [] : await compare(atOnce);
  const quiet = Object.values(world.box.faults.lines).every((line) => line === 'sound');
  if (found.length > 0 || !quiet || !wait) return found;
  return (await settled(sound.box)) && (await settled(world.box)) ? compare(inTheEnd) : [];
}

/** Requests that were handed over, and whether anybody is shown words of one that has ended. */
function watchEnds({ box, people }: World) {
  const handed = new Set<string>();
  const over = new Set<string>();
  const looked = new Map(people.map((one) => [one.name, one.screen().length]));
  return {
    handed,
    async broken(): Promise<string[]> {
      const rows = await box.look(({ world: { keep } }) => keep.selectFrom('addresses').select('case_id').execute());
      const open = new Set(rows.map((row) => row.case_id));
      const found: string[] = [];
      // A page keeps showing what was said before.
      for (const { name, screen } of people.filter((one) => one.channel === 'telegram')) {
        const fresh = screen().slice(looked.get(name) ?? 0);
        looked.set(name, screen().length);
        for (const id of over) if (fresh.some((one) => one.text.includes(id))) found.push(`I7 words of ${id} were shown after its end`);
      }
      for (const id of open) handed.add(id);
      for (const id of handed) if (!open.has(id)) over.add(id);
      return found;
    },
  };
}

const final = ['closed', 'withdrawn', 'erased'];

/** Everything is sound again: people are answered, and both sides and the case system agree. */
async function ending({ box, people }: World, handed: Set<string>): Promise<string[]> {
  const found: string[] = [];
  for (const target of targets) box.faults.lines[target] = 'sound';
  // An administrator turns on again what was turned off for failing, or is about to be.
  await box.look(async ({ world: { keep } }) => {
    for (const { id } of await keep.selectFrom('endpoints').select('id').execute()) await setState(keep, id, 'on');
  });
  await deskDoes(box, () => box.life().upkeep());
  await settle(box);
  for (const me of people) {
    const before = me.screen().length;
    await me.says('hello');
    const answered = me.channel === 'web' ? me.last() !== undefined : me.screen().length > before;
    if (!answered) found.push(`I8 ${me.name} was not answered`);
  }
  await settle(box);
  const left = await box.look(async ({ world: { keep } }) => ({
    open: (await keep.selectFrom('addresses').select('case_id').orderBy('case_id').execute()).map((row) => row.case_id),
    cases: await keep.selectFrom('cases').select(['id', 'status']).orderBy('id').execute(),
    told: await keep.selectFrom('deliveries').select(['case_id', 'type', 'state']).where('type', '=', 'case.opened').execute(),
  }));
  const atDesk = left.cases.filter((one) => !final.includes(one.status)).map((one) => one.id);
  if (left.open.join() !== atDesk.join()) found.push(`I2 open at the bot: ${left.open}; at the desk: ${atDesk}`);
  for (const { case_id: id, type, state } of left.told) {
    const effects = box.elsewhere.effects.filter((one) => one.caseId === id && one.type === type).length;
    if (state === 'delivered' && effects !== 1) found.push(`I2 ${id} had ${effects} effects elsewhere`);
  }
  for (const id of left.open)
    if (!handed.has(id) && !left.cases.some((one) => one.id === id)) found.push(`I2 ${id} is nowhere at the desk`);
  return [...found, ...(await brokenIn(box, canaries))];
}
