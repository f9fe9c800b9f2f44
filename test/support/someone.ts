// People before the sandbox. Each does one thing at a time and does it again, under the same id, until it
// is acknowledged: so does Telegram with an update, the page with a message, a program with its key.
import type { Body } from '../../src/channel/channel.ts';
import { claimCase, closeCase, replyTo } from '../../src/desk/act.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { InsideEvent } from '../../src/handoff/outside.ts';
import { sign } from '../../src/handoff/sign.ts';
import type { Sandbox } from './sandbox.ts';
import { toReceipt } from './ways.ts';

const mostTries = 80;

/** Until it is done; a life that ended meanwhile is followed by the next. How often it was tried. */
async function insist(box: Sandbox, deed: () => Promise<boolean>): Promise<number> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const done = await deed().catch(() => false);
    if (box.dead()) await box.again();
    else if (done) return tries;
  }
  throw new Error('it never came to an end');
}

export type Someone = ReturnType<typeof someone>;

/** `sent`: how many messages of theirs there are already. */
export function someone(box: Sandbox, channel: 'telegram' | 'web', name: string, sent = 0) {
  let count = sent;
  let redelivered = 0;
  let tries = 0;
  const once = async (id: string, body: Body): Promise<boolean> => {
    const { receive, web } = box.life();
    if (channel === 'telegram') {
      await receive({ channel, person: name, id, sentAt: box.clock.at, body, language: 'en' });
      return true;
    }
    // A page that looks again does so under a new number.
    tries += 1;
    const own = body.kind === 'open' ? `${id}-${tries}` : id;
    const { entries } = await web.exchange(name, own, body, 'en', body.kind === 'text' ? body.text : undefined);
    // An answer that the process did not live to give is seen by nobody.
    if (!box.dead()) box.shows(name, entries);
    return true;
  };
  const last = () => box.screen(name).findLast((message) => message.choices.length > 0) ?? box.screen(name).at(-1);
  const me = {
    name,
    channel,
    screen: () => box.screen(name),
    last,
    codes: () => last()?.choices.map((one) => one.id.slice(one.id.indexOf('.') + 1)) ?? [],
    /** How often something of theirs had to come again. */
    redelivered: () => redelivered,
    sent: () => count,
    async sends(body: Body): Promise<void> {
      count += 1;
      const id = `${name}-${count}`;
      tries = 0;
      box.clock.at += 3_000;
      redelivered += (await insist(box, () => once(id, body))) - 1;
    },
    /** The platform brings the newest once more, though it was confirmed. */
    async repeats(body: Body): Promise<void> {
      redelivered += 1;
      redelivered += (await insist(box, () => once(`${name}-${count}`, body))) - 1;
    },
    starts: () => me.sends({ kind: 'start' }),
    says: (text: string) => me.sends({ kind: 'text', text }),
    looks: () => me.sends({ kind: 'open' }),
    choiceOf(code: string): Body {
      const choice = last()?.choices.find((one) => one.id.endsWith(`.${code}`));
      if (choice === undefined) throw new Error(`no ${code} among ${me.codes().join(' ')} under ${last()?.text}`);
      const dot = choice.id.indexOf('.');
      return { kind: 'choice', stamp: choice.id.slice(0, dot), code: choice.id.slice(dot + 1) };
    },
    async taps(...codes: string[]): Promise<void> {
      for (const code of codes) await me.sends(me.choiceOf(code));
    },
  };
  return me;
}

export const actor = { id: 'api', by: 'staff', roles: ['caseworker', 'protection'], bound: false } as const;

/** Something the service or its desk does by itself, until it is done. */
export const deskDoes = (box: Sandbox, deed: (desk: Desk) => Promise<unknown>): Promise<number> =>
  insist(box, async () => {
    await deed(box.life().desk);
    return true;
  });

/** What a caseworker does with a request, under a key of its own; false where the rules do not allow it any more. */
export async function caseworker(box: Sandbox, id: string, deed: 'claim' | 'close' | { reply: string }, key: string): Promise<boolean> {
  const how = { version: null, once: { key, body: JSON.stringify(deed) } };
  let allowed = false;
  await insist(box, async () => {
    const { desk } = box.life();
    const acted =
      deed === 'claim'
        ? await claimCase(desk, id, actor, how)
        : deed === 'close'
          ? await closeCase(desk, id, actor, 'done', how)
          : await replyTo(desk, id, actor, deed.reply, how);
    allowed = acted.ok;
    return true;
  });
  return allowed;
}

/** What the case system elsewhere says of a request, under an id of its own until it is acknowledged; the status of the last answer. */
export async function systemSays(box: Sandbox, id: string, type: InsideEvent['type'], seq: number, data: object = {}): Promise<number> {
  const body = Buffer.from(
    JSON.stringify({ type, timestamp: new Date(box.clock.at).toISOString(), version: 1, data: { case_id: id, seq, ...data } }),
  );
  const { id: endpoint } = await box.look(({ world }) => world.keep.selectFrom('endpoints').select('id').executeTakeFirstOrThrow());
  let status = 0;
  await insist(box, async () => {
    status = await box.life().outside(endpoint, sign(box.elsewhere.secrets, `evt_${id}_${seq}`, body, box.clock.at), body);
    return true;
  });
  return status;
}

/** Whether everything that waited to be told is told after a few looks; the clock goes on in between. */
export async function settled(box: Sandbox, looks = 4): Promise<boolean> {
  for (let look = 1; look <= looks; look += 1) {
    await deskDoes(box, () => box.life().look());
    const left = await box.look(async ({ world: { keep } }) => [
      ...(await keep.selectFrom('outbox').select('id').where('dead_at', 'is', null).execute()),
      ...(await keep.selectFrom('deliveries').select('pos').where('state', '=', 'waiting').execute()),
    ]);
    if (left.length === 0) return true;
    box.clock.at += 61_000;
  }
  return false;
}

/** The same, however long it takes. */
export async function settle(box: Sandbox): Promise<void> {
  if (!(await settled(box, mostTries))) throw new Error('something is never told');
}

/** Somebody who has their receipt, and whose request is at the desk. */
export async function withRequest(box: Sandbox, channel: 'telegram' | 'web' = 'telegram', name = 'person-1') {
  const me = someone(box, channel, name);
  await me.starts();
  await me.taps(...toReceipt);
  await settle(box);
  const [id = ''] = await requestsOf(box, me);
  return { me, id };
}

/** Requests of this person at the bot, newest last. */
export const requestsOf = (box: Sandbox, { channel, name }: Pick<Someone, 'channel' | 'name'>): Promise<string[]> =>
  box.look(async ({ world }) => {
    const person = world.index('person', channel, name);
    const rows = await world.keep.selectFrom('addresses').select('case_id').where('person', '=', person).orderBy('opened_at').execute();
    return rows.map((row) => row.case_id);
  });
