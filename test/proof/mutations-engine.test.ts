// Defects that no flow file can have, only the program: the proof must find these too, or it would prove a flow that
// people do not get. Rules are broken in place for one test; single moves are shown to their rule as a defect would make them.
import { afterEach, describe, expect, it } from 'vitest';
import { position } from '../../src/flow/position.ts';
import { rules } from '../../src/flow/rules.ts';
import type { Facts, Input, Session } from '../../src/flow/session.ts';
import { begin, step } from '../../src/flow/step.ts';
import { type Move, modelOf } from '../../src/proof/model.ts';
import { moveRules, prove, usualLimits } from '../../src/proof/prove.ts';
import { shippedContent } from '../support/talk.ts';
import { tiny } from '../support/tiny.ts';
import { toReceipt, toReturnConsent } from '../support/ways.ts';

const { flow, words, where } = await shippedContent();
const model = { ...modelOf({ flow, words, where, rank: () => 0 }), small: flow };
const facts: Facts = {
  requestOpen: false,
  childStaff: true,
  protectionStaff: true,
  programmes: { by: { open: true, noReturn: [], repeatWindow: false, partnerVisits: false } },
};

/** One move as the engine makes it, and then with what a defect would do. */
function moved(codes: string[], input: Input, defect: (move: Move) => Partial<Move>, changed = false): string[] {
  let session: Session = step(flow, begin(flow, 'en', 1), { kind: 'start' }, facts).session;
  for (const code of codes)
    session = step(flow, session, { kind: 'answer', value: ['baby', 'sleep'].includes(code) ? [code] : code }, facts).session;
  const before = position(flow, session, facts);
  const { session: after, effects } = step(flow, session, input, facts);
  const here = position(flow, after, facts);
  const node = { session, open: false, decided: new Map(), from: null, code: '' };
  const move: Move = { node, input, code: '', facts, before, effects, after, changed, fresh: true, here, open: false };
  const told = (one: Move) => moveRules.flatMap((rule) => (rule.broken(model, one) === null ? [] : [rule.id]));
  expect(told(move)).toEqual([]);
  return told({ ...move, ...defect(move) });
}
const toRecap = toReceipt.slice(0, -1).filter((code) => code !== '~done');
const yes: Input = { kind: 'answer', value: 'yes' };

describe('a defect of the program is found:', () => {
  it('a counter that never stops', () => {
    expect(moved(toReturnConsent, { kind: 'unclear', why: 'words' }, ({ after }) => ({ after: { ...after, tries: 1_000 } }))).toContain(
      'P7',
    );
  });

  it('something handed over that nobody agreed to', () => {
    const more = ({ effects }: Move) => ({
      effects: effects.map((one) => (one.do === 'open-case' ? { ...one, values: { ...one.values, diary: 'x' } } : one)),
    });
    expect(moved(toRecap, { kind: 'answer', value: 'send' }, more)).toEqual(['P11']);
  });

  it('an answer handed over that is on no way any more', () => {
    const gone = ({ effects }: Move) => ({
      effects: effects.map((one) => (one.do === 'open-case' ? { ...one, values: { ...one.values, children: 'yes' } } : one)),
    });
    expect(moved(toRecap, { kind: 'answer', value: 'send' }, gone)).toEqual(['P11']);
  });

  it('a yes that nobody said', () => {
    const recorded = (move: Move) => ({ effects: [...move.effects, ...step(flow, move.node.session, yes, facts).effects] });
    expect(moved(toReturnConsent, { kind: 'unclear', why: 'media' }, recorded)).toContain('P12');
  });

  it('a reply that answers a question it was not given to', () => {
    const answered = ({ after }: Move) => ({ changed: true, after: { ...after, answers: { ...after.answers, hours: { value: 'any' } } } });
    expect(moved([...toReturnConsent, 'yes', 'iq'], { kind: 'answer', value: 'one' }, answered)).toContain('P24');
  });

  it('a request that opens because the world has changed', () => {
    expect(moved(toRecap, { kind: 'answer', value: 'send' }, () => ({ changed: true }))).toContain('P11');
  });

  it('urgent help that forgets what was not understood', () => {
    const forgets = ({ after }: Move) => ({ after: { ...after, tries: after.tries + 1 } });
    expect(moved(toReturnConsent, { kind: 'interrupt', name: 'urgent' }, forgets)).toEqual(['P27']);
  });

  it('words kept in the session', () => {
    const kept = ({ after, before }: Move) => ({
      input: { kind: 'written' } as Input,
      after: { ...after, picks: { [before.step?.ref ?? '']: 'my words' } },
    });
    expect(moved(toReturnConsent, { kind: 'again' }, kept)).toContain('P31');
  });

  describe('a named rule that', () => {
    const rule = rules['no-child-staff'];
    const { holds } = rule;
    afterEach(() => {
      rule.holds = holds;
    });
    const proved = () => prove(tiny(), { ...usualLimits, now: () => 0 }).findings.map((one) => one.rule);

    it('keeps what it was is found by nobody', () => expect(proved()).toEqual([]));

    it('looks at a clock leads to another question than the one that was asked', () => {
      let ticks = 0;
      rule.holds = () => {
        ticks += 1;
        return ticks % 2 === 0;
      };
      expect(proved()).toContain('P6');
    });

    it('throws leaves nobody without a question', () => {
      rule.holds = () => {
        throw new Error('no such country');
      };
      expect(proved()).toContain('P2');
    });
  });
});
