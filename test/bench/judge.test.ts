// The bench says nothing rather than something wrong.
import { describe, expect, it } from 'vitest';
import { type Run, refusals, rowsOf } from '../../bench/judge.ts';

const told = { updates: 230, seconds: 1, finished: 10, cases: 10, doubled: 0, wrong: [] as string[], calls: {} };
const run = (name: Run['name'], round: number, change: Partial<Run> = {}): Run => ({
  ...{ name, store: 'embedded', how: 'typed', round, people: 10, told: name === 'floor' ? { ...told, cases: 0 } : told },
  ...{ cpu: name === 'floor' ? 200 : 300, perSecond: 230, p50: 1, p99: name === 'floor' ? 2 : 3, heap: 1, resident: 1, startMs: 1 },
  ...change,
});
const names: Run['name'][] = ['floor', 'avr-bot'];
const sound = () => [0, 1, 2, 3, 4].flatMap((round) => names.map((name) => run(name, round)));
const spoiled = (change: Partial<typeof told>) => sound().map((one, i) => (i === 3 ? { ...one, told: { ...told, ...change } } : one));

describe('a comparison', () => {
  it('is told when everybody in it was served', () => {
    expect(refusals(sound(), names)).toEqual([]);
    const [, product] = rowsOf(sound());
    expect(product).toMatchObject({ name: 'avr-bot', ratio: { median: 1.5, min: 1.5, max: 1.5 }, p99Ratio: { median: 1.5 } });
  });

  it.each([
    ['a conversation was not finished', { finished: 9 }, '1 conversations did not finish'],
    ['a reply was wrong', { wrong: ['no button send'] }, 'no button send'],
    ['a case is missing', { cases: 9 }, '9 cases for 10 people'],
    ['a case came twice', { doubled: 1 }, '1 cases came twice'],
  ])('is refused when %s, and says where', (_, change, words) => {
    expect(refusals(spoiled(change), names)).toEqual([`avr-bot on embedded, round 2: ${words}`]);
  });

  it('is refused when a round is missing', () => {
    expect(refusals(sound().slice(0, -1), names)).toEqual(['avr-bot: 4 rounds, and 5 are the least']);
  });

  it('is refused when somebody of it never ran', () => {
    expect(refusals(sound(), [...names, 'telegraf'])).toEqual(['telegraf: 0 rounds, and 5 are the least']);
  });

  it('pairs each run with the floor of its own round', () => {
    const drifting = sound().map((one) => ({ ...one, cpu: one.cpu * (one.round + 1) }));
    expect(rowsOf(drifting).find(({ name }) => name === 'avr-bot')?.ratio).toEqual({ median: 1.5, min: 1.5, max: 1.5 });
  });
});
