import { describe, expect, it } from 'vitest';
import { position } from '../../src/flow/position.ts';
import type { Facts, Input, Session } from '../../src/flow/session.ts';
import { begin, step } from '../../src/flow/step.ts';
import { shippedContent } from '../support/talk.ts';
import { clearGate, toGate } from '../support/ways.ts';

const { flow } = await shippedContent();
const facts = (open: boolean, requestOpen = false): Facts => ({
  requestOpen,
  childStaff: true,
  protectionStaff: true,
  programmes: { by: { open, noReturn: [], repeatWindow: false, partnerVisits: false } },
});
const answer = (value: string): Input => ({ kind: 'answer', value });
const back: Input = { kind: 'interrupt', name: 'back' };

function reached(codes: string[], world = facts(true)): Session {
  let { session } = step(flow, begin(flow, 'en', 1), { kind: 'start' }, world);
  for (const code of codes) session = step(flow, session, answer(code), world).session;
  return session;
}
/** What is sent first answers a question that is gone; then they see how things stand. */
const seen = (session: Session, world: Facts) => step(flow, session, answer('no'), world).session;
const gatePicks = (session: Session) => Object.keys(session.picks).filter((ref) => ref.startsWith('gate/'));

describe('what lies beside the way is not kept for later', () => {
  it('somebody whose programme closes in the middle of the gate and who goes back leaves no gate pick behind', () => {
    const session = reached([...toGate, 'me', 'adult']);
    expect(gatePicks(session)).toHaveLength(2);
    const { session: left } = step(flow, session, back, facts(false));
    expect(gatePicks(left)).toEqual([]);
  });

  it('nor somebody who answers something else then', () => {
    const session = reached([...toGate, 'me', 'adult']);
    const { session: left } = step(flow, seen(session, facts(false)), answer('no'), facts(false));
    expect(position(flow, left, facts(false)).step?.ref).toBe('welcome/topics');
    expect(gatePicks(left)).toEqual([]);
  });

  it('a yes given before the programme closed is erased when the person goes back, and asked again', () => {
    const session = reached([...toGate, ...clearGate, 'yes', 'iq', 'one']);
    const { session: left, effects } = step(flow, session, back, facts(false));
    expect(effects).toContainEqual({ do: 'erase-consent', field: 'agree-return' });
    expect(left.answers).toEqual({});
  });

  it('and when they only look again', () => {
    const session = reached([...toGate, ...clearGate, 'yes', 'iq', 'one']);
    const { session: left, effects } = step(flow, session, answer('no'), facts(false));
    expect(effects).toContainEqual({ do: 'erase-consent', field: 'agree-return' });
    expect(left.answers).toEqual({});
    expect(gatePicks(left)).toEqual([]);
  });

  it('but going back among the questions keeps the consent and every other answer', () => {
    const session = reached([...toGate, ...clearGate, 'yes', 'iq', 'one']);
    const { session: left, effects } = step(flow, session, back, facts(true));
    expect(effects.map((effect) => effect.do)).toEqual(['ask']);
    expect(Object.keys(left.answers)).toEqual(['agree-return', 'to-country']);
    expect(gatePicks(left)).toHaveLength(7);
  });

  it('words written after the request was closed are not said to be on their way', () => {
    const world = facts(true, true);
    const { session } = step(flow, step(flow, begin(flow, 'en', 1), { kind: 'start' }, world).session, { kind: 'message' }, world);
    const says = (open: boolean) =>
      step(flow, session, { kind: 'written' }, facts(true, open)).effects.flatMap((effect) => (effect.do === 'say' ? [effect.key] : []));
    expect(says(true)).toContain('written');
    expect(says(false)).not.toContain('written');
    expect(says(false)).toContain('none');
  });
});
