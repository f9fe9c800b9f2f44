// What a person tells a caseworker decides how one may write to them, and never makes them less urgent.
import { describe, expect, it } from 'vitest';
import { type Actor, type Case, type Content, levels, type Opening, openCase } from '../../src/case/case.ts';
import { hear, heardItems, latest, manner, weighed } from '../../src/case/heard.ts';
import * as queue from '../../src/case/queue.ts';
import type { Known } from '../../src/flow/session.ts';

const amina: Actor = { id: 'a_amina', by: 'staff', roles: ['caseworker'], bound: true };
const boris: Actor = { ...amina, id: 'a_boris' };

function opened(kind: Case['kind'], answers: Known = {}): { kase: Case; content: Content } {
  const consent = { kind, field: `agree-${kind}`, version: 1, language: 'fr', hash: 'x', at: '2026-11-22T01:00:00Z', covers: [] };
  const opening: Opening = {
    case_id: 'c_1',
    ref: '7K4-2PD',
    seq: 1,
    kind,
    channel: 'web',
    language: 'fr',
    country: 'by',
    consent,
    answers,
  };
  const done = openCase(opening, 1000);
  const claimed = done.ok ? queue.claim(done.case, amina) : done;
  if (!done.ok || !claimed.ok) throw new Error('not opened');
  return { kase: claimed.case, content: done.content };
}
const told = (answers: Known, kind: Case['kind'] = 'return', before: Known = {}) => {
  const { kase, content } = opened(kind, before);
  const done = hear(kase, amina, content, answers, 0, 2000);
  if (!done.ok || done.content === undefined) throw new Error(done.ok ? 'nothing' : done.code);
  return { kase: done.case, content: done.content };
};

describe('what may be sent', () => {
  it('is anything, as long as nobody said that others read the phone', () => {
    expect(manner(opened('talk').content)).toBe('free');
    expect(manner(told({ 'others-read': 'no' }).content)).toBe('free');
  });
  it('is neutral words alone once others read it', () => {
    expect(manner(told({ 'others-read': 'yes' }).content)).toBe('neutral');
  });
  it('is nothing when the person chose a call as well, in the chat or told a caseworker', () => {
    expect(manner(told({ 'others-read': 'yes', reach: 'call' }).content)).toBe('call');
    expect(manner(told({ 'others-read': 'yes' }, 'return', { reach: 'call' }).content)).toBe('call');
  });
});

describe('what a person told', () => {
  it('stands before what the chat asked, which is not overwritten', () => {
    const { content } = told({ hours: 'morning' }, 'return', { hours: 'evening', worker: 'woman' });
    expect([latest(content, 'hours'), latest(content, 'worker'), latest(content, 'interpreter')]).toEqual(['morning', 'woman', null]);
    expect(content.answers['hours']).toBe('evening');
  });
  it('can make a request more urgent, and every earlier reason stays', () => {
    const { kase } = told({ needs: ['baby'], missing: ['sleep'] }, 'return', { needs: ['health'], missing: null });
    expect(kase).toMatchObject({ level: 'urgent', reasons: ['no-shelter-baby', 'health'] });
  });
  it('never makes one less urgent', () => {
    const { kase } = told({ needs: ['none'], missing: ['nothing'] }, 'return', { needs: ['baby'], missing: ['sleep'] });
    expect(kase).toMatchObject({ level: 'urgent', reasons: ['no-shelter-baby'] });
    const { kase: before, content } = opened('return', { needs: ['none'] });
    const after = weighed({ ...before, level: 'urgent', reasons: ['crisis-words', ...before.reasons] }, content);
    expect(levels.indexOf(after.level)).toBe(0);
    expect(after.reasons[0]).toBe('crisis-words');
  });
  it('of needs is written down for a return request alone: nothing else has a consent for them', () => {
    expect(heardItems('talk')).not.toContain('needs');
    const { kase, content } = opened('talk');
    expect(hear(kase, amina, content, { needs: ['baby'] }, 0, 2000)).toMatchObject({ ok: false, code: 'invalid' });
  });
  it('is written down by whoever holds the request, and not over what somebody wrote meanwhile', () => {
    const { kase, content } = told({ hours: 'morning' });
    expect(hear(kase, boris, content, {}, 2000, 3000)).toMatchObject({ ok: false, code: 'claimed', by: 'a_amina' });
    expect(hear(kase, amina, content, {}, 0, 3000)).toEqual({ ok: false, code: 'conflict', why: 'heard-meanwhile' });
    expect(hear(kase, amina, content, {}, 2000, 3000).ok).toBe(true);
  });
});
