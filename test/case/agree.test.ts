// Nothing is done for a person that they have not agreed to: sharing, embassies, a step towards return.
import { describe, expect, it } from 'vitest';
import { askShare, confirm, embassy, openReturn, standingWith } from '../../src/case/agree.ts';
import { type Actor, type Case, type Consent, type Content, openCase, type Role } from '../../src/case/case.ts';
import * as queue from '../../src/case/queue.ts';

const staff = (id: string, ...roles: Role[]): Actor => ({ id, by: 'staff', roles, bound: true });
const amina = staff('a_amina', 'caseworker');
const consentOf = (kind: Case['kind']): Consent => ({
  ...{ kind, field: `agree-${kind}`, version: 1, language: 'fr', hash: 'x', at: '2026-11-22T01:00:00Z', covers: [] },
});

function held(kind: Case['kind'] = 'return', by = amina): { kase: Case; content: Content } {
  const done = openCase(
    { case_id: 'c_1', ref: '7K4-2PD', seq: 1, kind, channel: 'web', language: 'fr', country: 'by', consent: consentOf(kind), answers: {} },
    1000,
  );
  const claimed = done.ok ? queue.claim(done.case, by) : done;
  if (!done.ok || !claimed.ok) throw new Error('not held');
  return { kase: claimed.case, content: done.content };
}
const unhcr = { organisation: 'unhcr', name: 'UNHCR', again: false, embassy: false };
const share = (agreed: boolean, seq: number, at: number) => ({
  organisation: 'unhcr',
  agreed,
  version: 1,
  language: 'fr',
  hash: 'x',
  seq,
  at,
});
const all = ['voluntary', 'identity', 'language'];

describe('a person is asked about sharing', () => {
  it('by name, once, and the question is numbered like every word to them', () => {
    const { kase, content } = held();
    const done = askShare(kase, amina, content, unhcr, 2000);
    if (!done.ok || done.content === undefined) throw new Error('not asked');
    expect(done.case.seqOut).toBe(kase.seqOut + 1);
    expect(standingWith(done.content, 'unhcr')).toBe('asked');
    expect(askShare(done.case, amina, done.content, unhcr, 3000)).toMatchObject({ ok: false, why: 'share-asked' });
  });
  it('and after a no only when they wish it', () => {
    const { kase, content } = held();
    const refused = { ...content, shares: [share(false, 2, 2000)] };
    expect(standingWith(refused, 'unhcr')).toBe('no');
    expect(askShare(kase, amina, refused, unhcr, 3000)).toEqual({ ok: false, code: 'no_consent', why: 'share-no' });
    expect(askShare(kase, amina, refused, { ...unhcr, again: true }, 3000).ok).toBe(true);
  });
  it('and an answer closes the question, whatever the two clocks say', () => {
    const { kase, content } = held();
    const done = askShare(kase, amina, content, unhcr, 9000);
    if (!done.ok || done.content === undefined) throw new Error('not asked');
    expect(standingWith({ ...done.content, shares: [share(true, 2, 5000)] }, 'unhcr')).toBe('yes');
  });
  it('and never after a yes; the newest answer counts', () => {
    const { kase, content } = held();
    const agreed = { ...content, shares: [share(false, 2, 2000), share(true, 3, 2500)] };
    expect(standingWith(agreed, 'unhcr')).toBe('yes');
    expect(askShare(kase, amina, agreed, unhcr, 3000)).toMatchObject({ ok: false, why: 'share-yes' });
  });
  it('by whoever holds the request alone', () => {
    const { kase, content } = held();
    expect(askShare(kase, staff('a_b', 'caseworker'), content, unhcr, 2000)).toMatchObject({ ok: false, code: 'claimed' });
    expect(askShare(kase, staff('a_c', 'auditor'), content, unhcr, 2000)).toMatchObject({ ok: false, code: 'not_found' });
  });
});

describe('an embassy', () => {
  const asking = { organisation: 'embassy', name: 'Embassy', again: false, embassy: true };
  it('is out of question until the written consent is recorded, with its date and place', () => {
    const { kase, content } = held();
    expect(askShare(kase, amina, content, asking, 2000)).toEqual({ ok: false, code: 'no_consent', why: 'embassy-unwritten' });
    const done = embassy(kase, amina, content, { date: '2026-11-20', kept: 'cabinet 3' }, 2000);
    if (!done.ok || done.content === undefined) throw new Error('not recorded');
    expect(done.content.embassy).toEqual({ date: '2026-11-20', kept: 'cabinet 3', by: 'a_amina', at: 2000 });
    expect(done.entry).toMatchObject({ action: 'embassy.agreed', detail: '' });
    expect(askShare(done.case, amina, done.content, asking, 3000).ok).toBe(true);
  });
  it('is out of question again once the person takes it back', () => {
    const { kase, content } = held();
    const done = embassy(kase, amina, { ...content, embassy: { date: '2026-11-20', kept: 'x', by: 'a', at: 1 } }, null, 2000);
    expect(done).toMatchObject({ ok: true, entry: { action: 'embassy.revoked' } });
    expect(done.ok && done.content?.embassy).toBe(undefined);
  });
});

describe('before a step towards return', () => {
  it('free choice, identity and language are confirmed in private, all three', () => {
    const { kase, content } = held();
    expect(confirm(kase, amina, content, ['voluntary', 'identity'], 2000)).toMatchObject({ ok: false, why: 'unconfirmed' });
    expect(queue.appoint(kase, amina, [])).toMatchObject({ ok: false, code: 'invalid', why: 'unconfirmed' });
    expect(confirm(kase, amina, content, all, 2000)).toMatchObject({ ok: true, content: { confirmed: { by: 'a_amina', at: 2000 } } });
    expect(queue.appoint(kase, amina, [], true).ok).toBe(true);
  });
});

describe('a talk becomes a return request', () => {
  const read = { ...consentOf('return'), language: 'ckb', version: 7 };
  it('with the return consent that was read and agreed to, under the same reference', () => {
    const { kase, content } = held('talk');
    const done = openReturn(kase, amina, content, read, true, 2000);
    expect(done).toMatchObject({
      ok: true,
      case: { id: 'c_1', ref: '7K4-2PD', kind: 'return', status: 'claimed', reasons: ['not-answered'] },
      content: { consent: { kind: 'return', language: 'ckb', version: 7 }, former: { consent: { kind: 'talk' }, interpreter: true } },
      entry: { action: 'return.opened' },
    });
  });
  it('keeps being urgent where it was', () => {
    const { kase, content } = held('talk');
    const done = openReturn({ ...kase, level: 'urgent', reasons: ['crisis-words'] }, amina, content, read, false, 2000);
    expect(done).toMatchObject({ case: { level: 'urgent', reasons: ['crisis-words', 'not-answered'] } });
  });
  it.for(['protection', 'return'] as const)('but never a %s request', (kind) => {
    const shield = staff('a_shield', 'protection', 'caseworker');
    const { kase, content } = held(kind, shield);
    expect(openReturn(kase, shield, content, read, false, 2000)).toMatchObject({ ok: false, code: 'conflict' });
  });
  it('and not by the consent of another kind', () => {
    const { kase, content } = held('talk');
    expect(openReturn(kase, amina, content, consentOf('talk'), false, 2000).ok).toBe(false);
  });
});
