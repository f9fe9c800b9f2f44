// Whole stories of one person, to be told with one fault at every place, and laid beside the same story
// without any. Marked words go through them, which may stand nowhere in the open.
import { expect } from 'vitest';
import { brokenIn, essenceOf } from './invariants.ts';
import type { Faults } from './life.ts';
import { makeSandbox, type Sandbox } from './sandbox.ts';
import { caseworker, requestsOf, type Someone, settle, someone, systemSays } from './someone.ts';
import { toGate, toReceipt } from './ways.ts';

const canaries = ['quince-lantern-said', 'quince-lantern-replied', 'lantern-person', 'quince-lantern-place'];
const [said = '', replied = '', person = '', place = ''] = canaries;

type Deed = (box: Sandbox, me: Someone) => Promise<void>;
/** `before`: what happens until faults begin. */
export type Story = { channel: 'telegram' | 'web'; before: Deed; deeds: readonly Deed[] };

const walk =
  (codes: readonly string[]): Deed =>
  async (_, me) => {
    await me.starts();
    await me.taps(...codes);
  };
const taps =
  (...codes: string[]): Deed =>
  (_, me) =>
    me.taps(...codes);
const settles: Deed = (box) => settle(box);
const nothing: Deed = async () => {};
const inHand: Deed = async (box, me) => {
  const [id = ''] = await requestsOf(box, me);
  await caseworker(box, id, 'claim', 'k1');
  await caseworker(box, id, { reply: replied }, 'k2');
};
const reads: Deed = async (box, me) => {
  await settle(box);
  if (me.channel === 'web') await me.looks();
  await settle(box);
};
const writes: Deed = async (box, me) => {
  await me.says(said);
  await settle(box);
};
const erases: Deed = async (box, me) => {
  await me.says('DELETE');
  await me.taps('delete-all');
  await settle(box);
};
const closes: Deed = async (box, me) => {
  const [id = ''] = await requestsOf(box, me);
  await caseworker(box, id, 'close', 'k3');
  await settle(box);
};
/** Words of the desk are on their way, and nothing may come of them. */
const takesBack: Deed = async (box, me) => {
  await me.starts();
  await me.taps('withdraw');
  const [id = ''] = await requestsOf(box, me);
  await caseworker(box, id, { reply: replied }, 'k4');
  await me.taps('take-back');
  await settle(box);
};

/** What the case system elsewhere says of the request of this person; each of it is taken. */
const elsewhere =
  (...said: [type: Parameters<typeof systemSays>[2], seq: number, data?: object][]): Deed =>
  async (box, me) => {
    const [id = ''] = await requestsOf(box, me);
    for (const one of said) expect([200, 202]).toContain(await systemSays(box, id, ...one));
    await settle(box);
  };

const toTalk = [...toGate, 'me', 'adult', 'shelter', 'no', 'no', 'me', 'yes'];
const afterTalk = [taps('yes'), settles, inHand, reads, writes, erases];

export const stories = {
  talk: { channel: 'telegram', before: nothing, deeds: [walk(toTalk), ...afterTalk] },
  'talk on the page': { channel: 'web', before: nothing, deeds: [walk(toTalk), ...afterTalk] },
  'talk from the consent on': { channel: 'telegram', before: walk(toTalk), deeds: afterTalk },
  'talk on the page from the consent on': { channel: 'web', before: walk(toTalk), deeds: afterTalk },
  'return that is closed': {
    channel: 'telegram',
    before: walk(toReceipt.slice(0, -1)),
    deeds: [taps('send'), settles, inHand, reads, closes],
  },
  'return that is worked on elsewhere': {
    channel: 'telegram',
    before: walk(toReceipt.slice(0, -1)),
    deeds: [
      ...[taps('send'), settles, elsewhere(['case.claimed', 1], ['message.send', 2, { text: replied }]), writes],
      elsewhere(
        ['appointment.proposed', 3, { starts_at: '2026-12-01T09:00:00Z', place }],
        ['case.status_changed', 4, { status: 'waiting_person' }],
      ),
      elsewhere(['case.closed', 5, { reason: 'done' }]),
    ],
  },
  'return that is taken back': { channel: 'telegram', before: walk(toReceipt.slice(0, -1)), deeds: [taps('send'), settles, takesBack] },
} as const satisfies Record<string, Story>;

/** What is left before the last deed and after it, what was on screen, and whether the fault came at all. */
export async function told({ channel, before, deeds }: Story, fault: Partial<Faults>) {
  const box = await makeSandbox();
  const me = someone(box, channel, channel === 'web' ? `w_${person}${'a'.repeat(43 - person.length)}` : person);
  let lives = 1;
  const { again } = box;
  box.again = () => {
    lives += 1;
    return again();
  };
  try {
    await before(box, me);
    box.arm(fault);
    for (const deed of deeds.slice(0, -1)) await deed(box, me);
    const found = await brokenIn(box, canaries);
    const middle = await essenceOf(box, [me]);
    await deeds.at(-1)?.(box, me);
    found.push(...(await brokenIn(box, canaries)));
    const came = lives > 1 || (fault.failAt !== undefined && box.faults.asked >= fault.failAt);
    return { middle, end: await essenceOf(box, [me]), screen: me.screen().map((one) => one.text), found, came };
  } finally {
    await box.end();
  }
}

type Told = Awaited<ReturnType<typeof told>>;
const countsOf = (texts: readonly string[]) => new Map([...Map.groupBy(texts, (text) => text)].map(([text, all]) => [text, all.length]));

/** The same came of it, nobody missed a word, and nothing was said more than once too often. */
export function expectSame(place: string, faulty: Told, sound: Told, problem: string): void {
  expect([place, faulty.found]).toEqual([place, []]);
  expect([place, faulty.middle.all]).toEqual([place, sound.middle.all]);
  expect([place, faulty.end.all]).toEqual([place, sound.end.all]);
  const [seen, wanted] = [countsOf(faulty.screen), countsOf(sound.screen)];
  const missed = [...wanted].filter(([text, times]) => (seen.get(text) ?? 0) < times);
  const surplus = [...seen].filter(([text, times]) => times > (wanted.get(text) ?? 0) + 1 || (!wanted.has(text) && text !== problem));
  expect([place, missed, surplus]).toEqual([place, [], []]);
  // What a caseworker's words had to be shown for again is marked at the desk.
  const words = [...seen].filter(([text, times]) => text.includes(replied) && times > (wanted.get(text) ?? 0));
  if (words.length > 0) expect([place, faulty.middle.repeated]).toEqual([place, 1]);
}
