// Passing a request on: who may, to whom, and that it never falls between two chairs.
import { describe, expect, it } from 'vitest';
import { type Actor, type Case, type Content, type Done, openCase, type Problem, type Role, type Share } from '../../src/case/case.ts';
import * as queue from '../../src/case/queue.ts';
import * as refer from '../../src/case/refer.ts';

const consent = {
  kind: 'return' as const,
  field: 'agree-return',
  version: 5,
  language: 'fr',
  hash: '9b1c04aa72fe',
  at: '2026-11-22T01:19:41Z',
  covers: [],
};
const opening = { case_id: 'c_1', ref: '7K4-2PD', seq: 1, channel: 'web', language: 'fr', country: 'by', office: 'minsk' } as const;
const fresh = (change: Partial<Case> = {}): Case => {
  const done = openCase({ ...opening, kind: 'return', consent, answers: {} }, 1000);
  if (!done.ok) throw new Error(done.code);
  return { ...done.case, ...change };
};
const staff = (id: string, role: Role, ...offices: string[]): Actor => ({ id, by: 'staff', roles: [role], bound: true, offices });
const amina = staff('a_amina', 'caseworker', 'minsk');
const boris = staff('a_boris', 'caseworker', 'minsk');
const greek = staff('a_greek', 'caseworker', 'gr');
const chief = staff('a_chief', 'supervisor', 'minsk');
const bot: Actor = { id: 'bot', by: 'bot', roles: [], bound: false };
const system: Actor = { id: 'e_1', by: 'staff', roles: ['caseworker'], bound: false };
const ok = (result: Done | Problem) => {
  if (!result.ok) throw new Error(result.code);
  return result;
};
const code = (result: Done | Problem) => (result.ok ? 'done' : (result.why ?? result.code));
const mine = () => ok(queue.claim(fresh(), amina)).case;
const share = (agreed: boolean, seq = 2): Share => ({ organisation: 'unhcr', agreed, version: 1, language: 'fr', hash: 'x', seq, at: seq });
const told = (...shares: Share[]): Content => ({
  consent,
  answers: {},
  followups: [],
  shares,
  asked: [{ organisation: 'unhcr', name: 'UNHCR', answered: 0, by: 'a_amina', at: 1 }],
});

describe('a request is offered to another office', () => {
  const offered = () => ok(refer.offerOffice(mine(), amina, 'gr')).case;

  it('by whoever holds it or a supervisor, and stays with them until it is taken', () => {
    expect(offered()).toMatchObject({
      status: 'transferred',
      claimedBy: 'a_amina',
      office: 'minsk',
      referral: { office: 'gr', from: 'claimed' },
    });
    expect(code(refer.offerOffice(mine(), boris, 'gr'))).toBe('claimed');
    expect(code(refer.offerOffice(fresh(), boris, 'gr'))).toBe('conflict');
    expect(code(refer.offerOffice(fresh(), chief, 'gr'))).toBe('done');
    expect(code(refer.offerOffice(mine(), amina, 'minsk'))).toBe('invalid');
    expect(code(queue.reply(offered(), amina))).toBe('done');
  });
  it('which sees it from then on, and not before', () => {
    expect(queue.sees(greek, mine())).toBe(false);
    expect(queue.sees(greek, offered())).toBe(true);
    expect(code(queue.reply(offered(), greek))).toBe('claimed');
  });
  it('and taken there it is new there, held by nobody', () => {
    const done = ok(refer.take(offered(), greek, told(), true, 9000));
    expect(done.case).toMatchObject({ status: 'new', office: 'gr', claimedBy: null, referral: null, waitingSince: 1000, seqOut: 1 });
    expect(code(refer.take(offered(), amina, told(), false, 9000))).toBe('conflict');
    expect(queue.sees(amina, done.case)).toBe(false);
  });
  it('and declined or taken back everything is as it was, with what happened meanwhile', () => {
    const asked = ok(queue.delivered(mine(), bot, 2000)).case;
    const waits = ok(refer.offerOffice(asked, amina, 'gr')).case;
    expect(ok(refer.turnBack(waits, greek, null))).toMatchObject({
      entry: { action: 'referral.declined' },
      case: { status: 'waiting_person' },
    });
    const wrote = ok(queue.received(waits, bot, false, 5000)).case;
    expect(wrote.status).toBe('transferred');
    expect(ok(refer.turnBack(wrote, amina, null))).toMatchObject({
      entry: { action: 'referral.revoked' },
      case: { status: 'waiting_us', waitingSince: 5000, claimedBy: 'a_amina' },
    });
    expect(code(refer.turnBack(wrote, boris, null))).toBe('claimed');
  });
  it('and waits from then on for them where the person was to answer', () => {
    const asked = ok(queue.delivered(mine(), bot, 2000)).case;
    expect(ok(refer.take(ok(refer.offerOffice(asked, amina, 'gr')).case, greek, told(), false, 9000)).case.waitingSince).toBe(9000);
  });
  it('and the person ends it as at any time', () => {
    expect(ok(queue.withdraw(offered(), bot, 5)).case).toMatchObject({ status: 'withdrawn', referral: null });
    expect(ok(queue.erase(offered(), bot, 5)).case.referral).toBeNull();
    expect(ok(queue.close(offered(), amina, 'other-service', 5)).case.referral).toBeNull();
  });
});

describe('a request is offered to an organisation', () => {
  const offer = (content: Content) => refer.offerOrganisation(mine(), amina, content, 'unhcr', true, 7);

  it('only after the person agreed to that one, and not after a later no', () => {
    expect(code(offer(told()))).toBe('share-missing');
    expect(code(offer(told(share(false))))).toBe('share-missing');
    expect(code(offer(told(share(true), share(false, 3))))).toBe('share-missing');
    expect(code(refer.offerOrganisation(mine(), amina, told(share(true)), 'another', true, 7))).toBe('share-missing');
    const done = ok(offer(told(share(true))));
    expect(done.case).toMatchObject({
      status: 'transferred',
      claimedBy: 'a_amina',
      seqOut: 1,
      referral: { office: null, from: 'claimed' },
    });
    expect(done.content?.referral).toEqual({ organisation: 'unhcr', name: 'UNHCR', by: 'a_amina', at: 7 });
    expect(done.entry.detail, 'its name is in no log').toBe('');
  });
  it('of a state only with the written consent, also when it was taken back since', () => {
    const embassy = told(share(true));
    const asked = [{ organisation: 'unhcr', name: 'Embassy', answered: 0, embassy: true as const, by: 'a_amina', at: 1 }];
    expect(code(offer({ ...embassy, asked }))).toBe('embassy-unwritten');
    expect(code(offer({ ...embassy, asked, embassy: { date: '2026-11-20', kept: 'Cabinet 3', by: 'a_amina', at: 1 } }))).toBe('done');
  });
  it('and once they took it a colleague writes that down and goes on holding it', () => {
    const done = ok(offer(told(share(true))));
    const taken = ok(refer.take(done.case, amina, done.content ?? null, false, 8));
    expect(taken).toMatchObject({ case: { status: 'claimed', claimedBy: 'a_amina' }, content: { referral: { taken: 8 } } });
    expect(code(refer.take(done.case, boris, done.content ?? null, false, 8))).toBe('claimed');
  });
  it('whose own system takes it and holds it from then on, and no other system can', () => {
    const done = ok(offer(told(share(true))));
    const content = done.content ?? null;
    expect(ok(refer.takeOver(done.case, system, content, 'unhcr', 8)).case).toMatchObject({ status: 'claimed', claimedBy: 'e_1' });
    expect(code(refer.takeOver(done.case, system, content, 'another', 8))).toBe('conflict');
    expect(code(refer.takeOver(mine(), system, content, 'unhcr', 8))).toBe('conflict');
  });
});
