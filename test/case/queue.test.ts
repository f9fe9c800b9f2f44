// Every way a request can change, walked at random and by hand: nothing leaves the table.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Actor,
  type By,
  type Case,
  type Content,
  closeReasons,
  type Done,
  finalStatuses,
  isOpen,
  next,
  type Opening,
  openCase,
  openStatuses,
  type Problem,
  type Role,
  statuses,
  transitions,
} from '../../src/case/case.ts';
import * as queue from '../../src/case/queue.ts';
import * as refer from '../../src/case/refer.ts';

const opening = (change: Partial<Opening> = {}): Opening => ({
  case_id: 'c_8f31',
  ref: '7K4-2PD',
  seq: 1,
  kind: 'return',
  channel: 'telegram',
  language: 'ckb',
  country: 'by',
  consent: {
    kind: 'return',
    field: 'agree-return',
    version: 5,
    language: 'ckb',
    hash: '9b1c04aa72fe',
    at: '2026-11-22T01:19:41Z',
    covers: [],
  },
  answers: { needs: ['baby'], missing: ['sleep'] },
  ...change,
});
const fresh = (change: Partial<Case> = {}): Case => {
  const done = openCase(opening(), 1000);
  if (!done.ok) throw new Error(done.code);
  return { ...done.case, ...change };
};
const staff = (id: string, ...roles: Role[]): Actor => ({ id, by: 'staff', roles, bound: true });
const amina = staff('a_amina', 'caseworker');
const boris = staff('a_boris', 'caseworker');
const chief = staff('a_chief', 'supervisor');
const shield = staff('a_shield', 'protection');
const admin = staff('a_admin', 'administrator', 'auditor');
const token: Actor = { id: 'api', by: 'staff', roles: ['caseworker'], bound: false };
const bot: Actor = { id: 'bot', by: 'bot', roles: [], bound: false };
const ok = (result: Done | Problem): Case => {
  if (!result.ok) throw new Error(result.code);
  return result.case;
};
const code = (result: Done | Problem) => (result.ok ? 'done' : result.code);

describe('a request opens', () => {
  it('with a consent of its own kind', () => {
    expect(openCase(opening(), 1000)).toMatchObject({
      ok: true,
      case: { status: 'new', level: 'urgent' },
      entry: { action: 'case.opened' },
    });
  });
  it('never without a consent', () => {
    const { consent: _, ...without } = opening();
    expect(openCase(without, 1000)).toEqual({ ok: false, code: 'no_consent' });
  });
  it.for(['talk', 'protection'] as const)('never with the consent of a %s when it is a return', (kind) => {
    const consent = { ...opening().consent, kind } as NonNullable<Opening['consent']>;
    expect(openCase(opening({ consent }), 1000)).toEqual({ ok: false, code: 'no_consent' });
  });
  it("never as a return by a child's assent", () => {
    const consent = { ...opening().consent, field: 'assent' } as NonNullable<Opening['consent']>;
    expect(openCase(opening({ consent }), 1000)).toEqual({ ok: false, code: 'no_consent' });
  });
  it.for(['talk', 'protection'] as const)('as %s without any answer', (kind) => {
    const consent = { ...opening().consent, kind } as NonNullable<Opening['consent']>;
    expect(openCase(opening({ kind, consent }), 1000)).toEqual({ ok: false, code: 'invalid' });
    expect(openCase(opening({ kind, consent, answers: {} }), 1000).ok).toBe(true);
  });
});

describe('the table', () => {
  it('has one answer for each status, event and actor', () => {
    for (const status of statuses)
      for (const event of new Set(transitions.map((row) => row.event)))
        for (const by of ['staff', 'bot'] as const) {
          const rows = transitions.filter(
            (row) => row.event === event && row.by.some((one) => one === by) && row.from.some((one) => one === status),
          );
          expect(rows.length, `${status} ${event} ${by}`).toBeLessThanOrEqual(1);
        }
  });
  it('lets every open request come to an end', () => {
    for (const status of openStatuses) {
      expect(next(status, 'close', 'staff')).toBe('closed');
      expect(next(status, 'withdraw', 'bot')).toBe('withdrawn');
      expect(next(status, 'erase', 'bot')).toBe('erased');
    }
  });
  it('brings nothing back to life', () => {
    for (const status of finalStatuses)
      for (const { event } of transitions)
        for (const by of ['staff', 'bot'] as By[]) {
          const to = next(status, event, by);
          if (typeof to === 'string') expect(isOpen(to), `${status} ${event}`).toBe(false);
        }
  });
});

describe('a caseworker', () => {
  it('claims a new request; a second one hears who was quicker', () => {
    const mine = ok(queue.claim(fresh(), amina));
    expect(mine).toMatchObject({ status: 'claimed', claimedBy: 'a_amina', version: 2 });
    expect(queue.claim(mine, boris)).toEqual({ ok: false, code: 'claimed', by: 'a_amina' });
  });
  it('writes only on what they claimed', () => {
    expect(code(queue.reply(fresh(), amina))).toBe('conflict');
    const mine = ok(queue.claim(fresh(), amina));
    expect(ok(queue.reply(mine, amina)).seqOut).toBe(1);
    expect(queue.reply(mine, boris)).toEqual({ ok: false, code: 'claimed', by: 'a_amina' });
    expect(queue.reply(mine, token).ok).toBe(true);
  });
  it('gives back and closes only their own; a supervisor any', () => {
    const mine = ok(queue.claim(fresh(), amina));
    expect(code(queue.release(mine, boris))).toBe('claimed');
    expect(ok(queue.release(mine, chief))).toMatchObject({ status: 'new', claimedBy: null });
    expect(code(queue.close(mine, boris, 'done', 5))).toBe('claimed');
    expect(ok(queue.close(mine, chief, 'done', 5))).toMatchObject({ status: 'closed', closedReason: 'done', closedAt: 5 });
    expect(ok(queue.close(fresh(), boris, 'duplicate', 5)).status).toBe('closed');
  });
  it('agrees on an appointment only after confirming again, in private, that the return is wanted', () => {
    const mine = ok(queue.claim(fresh(), amina));
    expect(code(queue.appoint(mine, amina, ['voluntary', 'identity']))).toBe('invalid');
    const agreed = queue.appoint(mine, amina, ['voluntary', 'identity', 'language']);
    expect(agreed).toMatchObject({ ok: true, case: { status: 'appointment' }, entry: { detail: 'voluntary identity language' } });
    expect(ok(queue.missed(ok(agreed), amina, 9))).toMatchObject({ status: 'waiting_us', waitingSince: 9 });
    const talk = ok(queue.claim(fresh({ kind: 'talk' }), amina));
    expect(ok(queue.appoint(talk, amina, [])).status).toBe('appointment');
  });
  it('sees a telephone number only on what they claimed', () => {
    expect(code(queue.reveal(fresh(), amina, 'danger'))).toBe('conflict');
    expect(queue.reveal(ok(queue.claim(fresh(), amina)), amina, 'danger')).toMatchObject({
      entry: { action: 'phone.revealed', detail: 'danger' },
    });
  });
  it('cannot write after the person took the request back, nor after it was closed', () => {
    const mine = ok(queue.claim(fresh(), amina));
    expect(code(queue.reply(ok(queue.withdraw(mine, bot, 5)), amina))).toBe('no_consent');
    expect(code(queue.reply(ok(queue.erase(mine, bot, 5)), amina))).toBe('no_consent');
    expect(code(queue.reply(ok(queue.close(mine, amina, 'done', 5)), amina))).toBe('closed');
  });
});

describe('a protection request', () => {
  const kase = fresh({ kind: 'protection' });
  it.for([amina, chief, admin, token])('does not exist for $id', (actor) => {
    for (const result of [
      queue.claim(kase, actor),
      queue.release(kase, actor),
      queue.reply(kase, actor),
      queue.note(kase, actor),
      queue.close(kase, actor, 'done', 5),
      queue.reveal(kase, actor, 'danger'),
      queue.appoint(kase, actor, []),
      queue.missed(kase, actor, 5),
    ])
      expect(result).toEqual({ ok: false, code: 'not_found' });
  });
  it('is worked on by staff with that role', () => expect(ok(queue.claim(kase, shield)).status).toBe('claimed'));
  it('is all that this role sees', () => expect(code(queue.claim(fresh(), shield))).toBe('not_found'));
});

describe('the wait', () => {
  it('of a new request goes on when the person writes again', () => {
    expect(ok(queue.received(fresh(), bot, false, 9000)).waitingSince).toBe(1000);
  });
  it('becomes theirs when a reply arrives, ours when they answer', () => {
    const mine = ok(queue.claim(fresh(), amina));
    const asked = ok(queue.delivered(mine, bot, 2000));
    expect(asked).toMatchObject({ status: 'waiting_person', waitingSince: 2000 });
    expect(ok(queue.received(asked, bot, false, 3000))).toMatchObject({ status: 'waiting_us', waitingSince: 3000 });
    expect(ok(queue.failed(asked, bot, 'expired', 4000))).toMatchObject({ status: 'waiting_us', waitingSince: 4000 });
  });
});

const agreed: Content = {
  consent: opening().consent as NonNullable<Opening['consent']>,
  answers: {},
  followups: [],
  asked: [{ organisation: 'unhcr', name: 'UNHCR', answered: 0, by: 'a_amina', at: 1 }],
  shares: [{ organisation: 'unhcr', agreed: true, version: 1, language: 'ckb', hash: 'x', seq: 1, at: 2 }],
  referral: { organisation: 'unhcr', name: 'UNHCR', by: 'a_amina', at: 3 },
};

type Step = (kase: Case, now: number) => Done | Problem;
const steps = fc.constantFrom<Step>(
  ...[amina, boris, chief, shield, admin, token].flatMap((actor): Step[] => [
    (kase) => queue.claim(kase, actor),
    (kase) => queue.release(kase, actor),
    (kase) => queue.reply(kase, actor),
    (kase) => queue.note(kase, actor),
    (kase) => queue.reveal(kase, actor, 'danger'),
    (kase) => queue.appoint(kase, actor, ['voluntary', 'identity', 'language']),
    (kase, now) => queue.missed(kase, actor, now),
    (kase, now) => queue.close(kase, actor, 'other', now),
    (kase) => refer.offerOffice(kase, actor, 'gr'),
    (kase, now) => refer.offerOrganisation(kase, actor, agreed, 'unhcr', true, now),
    (kase, now) => refer.take(kase, actor, agreed, true, now),
    (kase, now) => refer.takeOver(kase, actor, agreed, 'unhcr', now),
    (kase) => refer.turnBack(kase, actor, agreed),
  ]),
  (kase, now) => queue.received(kase, bot, now % 2 === 0, now),
  (kase, now) => queue.delivered(kase, bot, now),
  (kase, now) => queue.failed(kase, bot, 'expired', now),
  (kase) => queue.consentAnswered(kase, bot, true),
  (kase) => queue.consentAnswered(kase, bot, false, kase.referral !== null),
  (kase) => queue.followedUp(kase, bot),
  (kase, now) => queue.withdraw(kase, bot, now),
  (kase, now) => queue.erase(kase, bot, now),
);

describe('whatever happens in whatever order', () => {
  it('a request stays on the table, counts its versions, and an end stays an end', () => {
    fc.assert(
      fc.property(fc.constantFrom('return', 'talk', 'protection'), fc.array(steps, { maxLength: 40 }), (kind, taken) => {
        let kase = fresh({ kind });
        let now = 1000;
        for (const step of taken) {
          now += 1000;
          const before = structuredClone(kase);
          const result = step(kase, now);
          expect(kase).toEqual(before);
          if (!result.ok) continue;
          const onTable = transitions.some(
            (row) =>
              row.from.some((one) => one === kase.status) &&
              result.case.status === ({ same: kase.status, before: kase.referral?.from }[row.to as string] ?? row.to),
          );
          expect(onTable).toBe(true);
          expect(result.case.version).toBe(kase.version + 1);
          expect(result.entry.subject).toBe(kase.id);
          if (!isOpen(kase.status)) expect(isOpen(result.case.status)).toBe(false);
          expect(result.case.referral !== null).toBe(result.case.status === 'transferred');
          if (result.case.status === 'new') expect(result.case.claimedBy).toBeNull();
          if (['claimed', 'waiting_us', 'waiting_person', 'appointment'].includes(result.case.status))
            expect(result.case.claimedBy).not.toBeNull();
          kase = result.case;
        }
        if (isOpen(kase.status)) expect(queue.withdraw(kase, bot, now).ok).toBe(true);
        if (kase.status !== 'erased') expect(queue.erase(kase, bot, now).ok).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('the same steps give the same request', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 20 }), (taken) => {
        const run = () =>
          taken.reduce((kase, step, at) => {
            const result = step(kase, at);
            return result.ok ? result.case : kase;
          }, fresh());
        expect(run()).toEqual(run());
      }),
    );
  });

  it('no reason for closing says eligible, approved or refused', () => {
    expect(closeReasons.join(' ')).not.toMatch(/elig|approv|refus|reject/);
  });
});
