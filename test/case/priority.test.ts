// How soon a request is read follows from a table that anybody can check.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levels } from '../../src/case/case.ts';
import { priority, raise, rules, type Seen } from '../../src/case/priority.ts';

const seen = (change: Partial<Seen> = {}): Seen => ({
  kind: 'return',
  field: 'agree-return',
  answers: {},
  asked: false,
  crisis: false,
  ...change,
});
const told = (answers: Seen['answers']) => priority(seen({ answers: { needs: ['none'], missing: ['nothing'], ...answers } }));

describe('a request is urgent', () => {
  it('for a child alone', () => {
    expect(priority(seen({ kind: 'protection', field: 'assent' }))).toEqual({ level: 'urgent', reasons: ['child-alone', 'protection'] });
  });
  it('for crisis words', () => {
    expect(priority(seen({ kind: 'talk', field: 'agree-talk', crisis: true }))).toEqual({ level: 'urgent', reasons: ['crisis-words'] });
  });
  it.for(['baby', 'pregnancy'])('for somebody with %s and no place to sleep', (need) => {
    expect(told({ needs: [need], missing: ['sleep'] })).toEqual({ level: 'urgent', reasons: [`no-shelter-${need}`] });
  });
  it('and every other reason is shown as well', () => {
    expect(told({ 'gate/place': 'border', needs: ['baby', 'health'], missing: ['sleep', 'water'] })).toEqual({
      level: 'urgent',
      reasons: ['no-shelter-baby', 'no-water', 'health', 'at-border'],
    });
  });
});

describe('a request is high', () => {
  it.for<[string, Seen['answers'], string]>([
    ['no place to sleep', { missing: ['sleep'] }, 'no-shelter'],
    ['no food', { missing: ['food'] }, 'no-food'],
    ['no water', { missing: ['water'] }, 'no-water'],
    ['a health problem', { needs: ['health'] }, 'health'],
    ['a pregnancy', { needs: ['pregnancy'] }, 'pregnancy'],
    ['a disability', { needs: ['disability'] }, 'disability'],
    ['an older person', { needs: ['older-person'] }, 'older-person'],
    ['a baby', { needs: ['baby'] }, 'baby'],
    ['a border', { 'gate/place': 'border' }, 'at-border'],
  ])('for %s', ([, answers, reason]) => {
    expect(told(answers)).toEqual({ level: 'high', reasons: [reason] });
  });
  it('for protection', () => {
    expect(priority(seen({ kind: 'protection', field: 'agree-protect' }))).toEqual({ level: 'high', reasons: ['protection'] });
  });
});

describe('everything else is normal', () => {
  it('without needs', () => expect(told({})).toEqual({ level: 'normal', reasons: [] }));
  it('for a talk', () => expect(priority(seen({ kind: 'talk', field: 'agree-talk' }))).toEqual({ level: 'normal', reasons: [] }));
  it('and a skipped question is a reason to ask first', () => {
    expect(told({ needs: null })).toEqual({ level: 'normal', reasons: ['not-answered'] });
    expect(told({ missing: null, needs: ['health'] })).toEqual({ level: 'high', reasons: ['health', 'not-answered'] });
    expect(priority(seen({ asked: true })).reasons).toEqual(['asked-for-person', 'not-answered']);
  });
  it('detention raises nothing', () => expect(told({ 'gate/place': 'detained' })).toEqual({ level: 'normal', reasons: [] }));
});

const some = (values: string[]) => fc.option(fc.subarray(values), { nil: null });
const anySeen: fc.Arbitrary<Seen> = fc.record({
  kind: fc.constantFrom('return', 'talk', 'protection'),
  field: fc.constantFrom('agree-return', 'assent'),
  answers: fc.record({
    'gate/place': fc.constantFrom('home', 'border', 'shelter'),
    needs: some(['health', 'pregnancy', 'disability', 'older-person', 'baby']),
    missing: some(['sleep', 'food', 'water']),
  }),
  asked: fc.boolean(),
  crisis: fc.boolean(),
});

describe('whatever a person answered', () => {
  it('every rule that fits is shown, and the level is that of the gravest', () => {
    fc.assert(
      fc.property(anySeen, (one) => {
        const { level, reasons } = priority(one);
        const fitting = rules.filter((rule) => rule.fits(one));
        expect(reasons).toEqual(fitting.map((rule) => rule.code));
        const best = Math.min(2, ...fitting.map((rule) => levels.indexOf(rule.level)));
        expect(level).toBe(levels[best]);
      }),
    );
  });

  it('a skip never ranks below any answer that could have been given least urgently', () => {
    fc.assert(
      fc.property(anySeen, fc.constantFrom('needs', 'missing'), (one, item) => {
        const with_ = (value: string[] | null) => levels.indexOf(priority({ ...one, answers: { ...one.answers, [item]: value } }).level);
        expect(with_(null)).toBeLessThanOrEqual(with_([]));
      }),
    );
  });

  it('a level never falls when words of crisis come', () => {
    fc.assert(
      fc.property(anySeen, (one) => {
        const before = priority(one);
        const after = raise(before, 'crisis-words', 'urgent');
        expect(after.level).toBe('urgent');
        expect(after.reasons).toEqual(expect.arrayContaining(before.reasons));
        expect(raise(after, 'crisis-words', 'urgent')).toEqual(after);
      }),
    );
  });
});
