// Who works on a request and how urgent people say it is: offices, handing over, a level set by hand.
import { describe, expect, it } from 'vitest';
import { type Actor, type Case, levelOf, openCase, type Role } from '../../src/case/case.ts';
import * as queue from '../../src/case/queue.ts';

const staff = (id: string, roles: Role[], offices: string[] = []): Actor => ({ id, by: 'staff', roles, bound: true, offices });
const amina = staff('a_amina', ['caseworker']);
const boris = staff('a_boris', ['caseworker']);
const chief = staff('a_chief', ['supervisor']);
const bot: Actor = { id: 'bot', by: 'bot', roles: [], bound: false };

function fresh(kind: Case['kind'] = 'return', change: Partial<Case> = {}): Case {
  const consent = { kind, field: `agree-${kind}`, version: 1, language: 'fr', hash: 'x', at: '2026-11-22T01:00:00Z', covers: [] };
  const done = openCase(
    { case_id: 'c_1', ref: '7K4-2PD', seq: 1, kind, channel: 'web', language: 'fr', country: 'by', consent, answers: {}, office: 'minsk' },
    1000,
  );
  if (!done.ok) throw new Error(done.code);
  return { ...done.case, ...change };
}
const mine = fresh('return', { status: 'claimed', claimedBy: 'a_amina' });

describe('an office', () => {
  it('sees its own requests, and those that no office takes', () => {
    const greek = staff('a_g', ['caseworker'], ['gr']);
    expect(queue.sees(greek, fresh())).toBe(false);
    expect(queue.claim(fresh(), greek)).toEqual({ ok: false, code: 'not_found' });
    expect(queue.sees(greek, fresh('return', { office: null }))).toBe(true);
    expect(queue.sees(staff('a_m', ['caseworker'], ['minsk', 'gr']), fresh())).toBe(true);
    expect(queue.sees(amina, fresh())).toBe(true);
  });
});

describe('a request is handed over', () => {
  it('by whoever holds it, and stays in the state it is in', () => {
    expect(queue.assign({ ...mine, status: 'waiting_us' }, amina, boris)).toMatchObject({
      ok: true,
      case: { claimedBy: 'a_boris', status: 'waiting_us' },
      entry: { action: 'case.assigned', detail: 'a_boris' },
    });
  });
  it('by a supervisor, also when nobody holds it yet', () => {
    expect(queue.assign(mine, chief, boris)).toMatchObject({ ok: true, case: { claimedBy: 'a_boris' } });
    expect(queue.assign(fresh(), chief, boris)).toMatchObject({ ok: true, case: { claimedBy: 'a_boris', status: 'claimed' } });
  });
  it('not by a colleague, and not taken that way', () => {
    expect(queue.assign(mine, boris, boris)).toMatchObject({ ok: false, code: 'claimed', by: 'a_amina' });
    expect(queue.assign(fresh(), amina, boris)).toMatchObject({ ok: false, code: 'conflict' });
  });
  it('never to somebody who may not work on it', () => {
    for (const to of [chief, staff('a_p', ['protection']), staff('a_g', ['caseworker'], ['gr'])])
      expect(queue.assign(mine, chief, to)).toMatchObject({ ok: false, code: 'invalid' });
    expect(queue.assign(fresh('protection'), chief, boris)).toMatchObject({ ok: false, code: 'not_found' });
  });
  it('never once it has ended', () => {
    expect(queue.assign({ ...mine, status: 'closed' }, chief, boris)).toMatchObject({ ok: false, code: 'closed' });
  });
});

describe('a level set by hand', () => {
  const set = queue.setLevel(mine, amina, { level: 'urgent', why: 'danger-told' });
  const urgent = set.ok ? set.case : mine;
  it('counts, and what the rules say stays beside it', () => {
    expect([levelOf(urgent), urgent.level, urgent.override]).toEqual([
      'urgent',
      'normal',
      { level: 'urgent', why: 'danger-told', by: 'a_amina' },
    ]);
  });
  it('can be taken back', () => {
    const back = queue.setLevel(urgent, amina, null);
    expect(back.ok && [levelOf(back.case), back.case.override]).toEqual(['normal', null]);
  });
  it('gives way to words of crisis', () => {
    const low = queue.setLevel({ ...mine, level: 'high' }, amina, { level: 'normal', why: 'safe-now' });
    const after = low.ok ? queue.received(low.case, bot, true, 2000) : low;
    expect(after.ok && [levelOf(after.case), after.case.override]).toEqual(['urgent', null]);
  });
  it('is nothing an erased request remembers', () => {
    const gone = queue.erase(urgent, bot, 2000);
    expect(gone.ok && [gone.case.override, gone.case.office]).toEqual([null, null]);
  });
});
