import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/case/case.ts';
import { fate } from '../../src/case/retain.ts';

const day = 86_400_000;
const now = 1_000 * day;
const days = { contact: 14, unclaimed: 30, idle: 90, closed: 7 };
const never = { last: 0, answered: false };

function request(change: Partial<Case>): Case {
  const plain = {
    id: 'c_1',
    ref: 'ABC-DEF',
    kind: 'return',
    status: 'new',
    version: 1,
    level: 'normal',
    reasons: [],
    channel: 'web',
  } as const;
  const rest = {
    language: 'en',
    country: null,
    office: null,
    override: null,
    openedAt: now,
    waitingSince: now,
    claimedBy: null,
    referral: null,
    closedReason: null,
    closedAt: null,
  };
  return { ...plain, ...rest, reasons: [], seqIn: 1, seqOut: 0, ...change };
}
const openedBefore = (count: number) => ({ openedAt: now - count * day });

describe('how long a request stays', () => {
  it.each([
    ['a return request that nobody claimed for 30 days', { ...openedBefore(30) }, never, 'unanswered'],
    [
      'one that is on offer and was never claimed',
      { status: 'transferred', referral: { office: 'gr', from: 'new' }, ...openedBefore(30) },
      never,
      'unanswered',
    ],
    ['one of 29 days', { ...openedBefore(29.9) }, never, 'keep'],
    ['a talk that nobody answered for 14 days', { kind: 'talk', ...openedBefore(14) }, never, 'unanswered'],
    [
      'a protection request, claimed but not answered for 14 days',
      { kind: 'protection', status: 'claimed', ...openedBefore(14) },
      never,
      'unanswered',
    ],
    [
      'a talk that was answered',
      { kind: 'talk', status: 'waiting_person', ...openedBefore(40) },
      { last: now - 20 * day, answered: true },
      'keep',
    ],
    ['a talk in which the person wrote again', { kind: 'talk', ...openedBefore(20) }, { last: now - 2 * day, answered: false }, 'keep'],
    [
      'a claimed request without contact for 90 days',
      { status: 'waiting_person', ...openedBefore(200) },
      { last: now - 90 * day, answered: true },
      'no-contact',
    ],
    ['a claimed request with contact', { status: 'waiting_us', ...openedBefore(200) }, { last: now - 89 * day, answered: true }, 'keep'],
    ['a closed request whose content is kept a week', { status: 'closed', closedAt: now - 6 * day }, never, 'keep'],
    ['the same after that week', { status: 'closed', closedAt: now - 7 * day }, never, 'purge'],
    ['an erased request within the year', { status: 'erased', ...openedBefore(400), closedAt: now - 364 * day }, never, 'keep'],
    ['its mark after a year', { status: 'erased', ...openedBefore(400), closedAt: now - 365 * day }, never, 'unrecord'],
  ] satisfies [string, Partial<Case>, typeof never, string][])('%s', (_, change, contact, expected) => {
    expect(fate(request(change), contact, days, now)).toBe(expected);
  });
});
