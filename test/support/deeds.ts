// What people, caseworkers and the clock may do next in a simulated world, and what may go wrong with it.
import type { Body } from '../../src/channel/channel.ts';
import { askToShare } from '../../src/desk/act-record.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './life.ts';
import type { Sandbox } from './sandbox.ts';
import { actor, caseworker, deskDoes, type Someone } from './someone.ts';

export type World = { box: Sandbox; people: Someone[] };
export type Deed = {
  says: string;
  does(world: World): Promise<unknown>;
  /** Its outcome depends on the order in which things happen at once. */
  torn?: true;
  /** What failed of it is done the next time. */
  again?: true;
  /** What comes of it shows when the couriers have done everything. */
  byCouriers?: true;
};

const hour = 3_600_000;
const texts = ['hello', 'quince-lantern-said', 'thank you', 'help', 'STOP', 'DELETE', 'i will kill myself tonight', '12345', 'my request'];

/** `from`, `to`: one of these people. */
function personDeed(chance: Chance, { people }: World, from = 0, to = people.length): Deed {
  const at = from + chance.below(to - from);
  const me = people[at];
  if (me === undefined) throw new Error('nobody');
  const codes = me.codes();
  const onward = codes.filter((code) => !code.startsWith('~') || code === '~done');
  const by = (body: Body, says: string): Deed => ({
    says: `${me.channel} ${at} ${says}`,
    does: (world) => world.people[at]?.sends(body) ?? Promise.resolve(),
  });
  const kind = chance.next();
  if (kind < 0.5 && codes.length > 0) {
    const code = onward.length > 0 && chance.is(0.8) ? chance.of(onward) : chance.of(codes);
    return by(me.choiceOf(code), `taps ${code}`);
  }
  const text = chance.of(texts);
  if (kind < 0.75) return by({ kind: 'text', text }, `says ${text}`);
  if (kind < 0.8) return by({ kind: 'choice', stamp: '1', code: 'yes' }, 'taps an old button');
  if (kind < 0.85) return by({ kind: 'unsupported', what: 'photo' }, 'sends a photo');
  if (me.channel === 'web') return by({ kind: 'open' }, 'looks again');
  if (kind < 0.93) return by({ kind: 'start' }, 'starts again');
  const twice: Deed['does'] = async (world) => {
    await world.people[at]?.sends({ kind: 'text', text });
    await world.people[at]?.repeats({ kind: 'text', text });
  };
  return { says: `telegram ${at} says ${text}, which comes twice`, does: twice };
}

async function deskDeed(chance: Chance, { box }: World, n: number): Promise<Deed | null> {
  const rows = await box.look(({ world }) => world.keep.selectFrom('cases').select(['id', 'claimed_by']).orderBy('id').execute());
  if (rows.length === 0) return null;
  const { id, claimed_by: claimed } = chance.of(rows);
  const act = (says: string, does: (box: Sandbox) => Promise<unknown>): Deed => ({
    says: `the desk ${says} ${id}`,
    does: (world) => does(world.box),
  });
  const kind = chance.next();
  if (claimed === null && kind < 0.5) return act('claims', (on) => caseworker(on, id, 'claim', `k${n}`));
  // Which request a caseworker's words belong to can be seen in them.
  const reply = `quince-lantern-replied ${n} ${id}`;
  if (kind < 0.8) return act(`replies (${n}) to`, (on) => caseworker(on, id, { reply }, `k${n}`));
  const asking = { organisation: 'unhcr', name: 'UNHCR', again: false, embassy: false };
  // It has no key of its own: asked again after a fault it is refused as asked already, or asked once.
  if (kind < 0.9) return act('asks to share', (on) => deskDoes(on, (desk) => askToShare(desk, id, actor, asking)));
  return act('closes', (on) => caseworker(on, id, 'close', `k${n}`));
}

const looks: Deed = { says: 'the couriers look', does: ({ box }) => deskDoes(box, () => box.life().look()), byCouriers: true };
const keeps: Deed = { says: 'the hour strikes', does: ({ box }) => deskDoes(box, () => box.life().upkeep()), again: true };

export async function nextDeed(chance: Chance, world: World, n: number): Promise<Deed> {
  const kind = chance.next();
  if (kind < 0.5) return personDeed(chance, world);
  if (kind < 0.68) return (await deskDeed(chance, world, n)) ?? looks;
  if (kind < 0.88) return looks;
  if (kind < 0.92) return keeps;
  if (kind < 0.95) {
    const ms = chance.is(0.8) ? chance.below(hour) : chance.below(30) * 24 * hour;
    const passes: Deed['does'] = async ({ box }) => {
      box.clock.at += ms;
    };
    return { says: `${Math.round(ms / 60_000)} minutes pass`, does: passes };
  }
  // Two people at once, and the couriers between them.
  const half = chance.below(world.people.length - 1) + 1;
  const [one, other] = [personDeed(chance, world, 0, half), personDeed(chance, world, half)];
  const together: Deed['does'] = (on) => Promise.all([one.does(on), looks.does(on), other.does(on)]);
  return { says: `at once: ${one.says}; ${other.says}`, does: together, torn: true };
}

export type Trouble = { says: string; fault: Partial<Faults> };

export function nextTrouble(chance: Chance): Trouble | null {
  const kind = chance.next();
  if (kind < 0.25) {
    const killAfter = 1 + chance.below(9);
    return { says: `killed after ${killAfter}`, fault: { killAfter } };
  }
  if (kind > 0.42) return null;
  const [failAt, failFor] = [1 + chance.below(40), chance.is(0.7) ? 1 : 1 + chance.below(30)];
  return { says: `${failFor} calls fail from ${failAt} on`, fault: { failAt, failFor } };
}
