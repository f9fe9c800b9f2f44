import { expect, it } from 'vitest';
import { watchClock } from '../../src/start/clock.ts';

const hour = 3_600_000;
const day = 24 * hour;

it('a clock set a day ahead holds back what cannot be undone for a day, and then believes it', () => {
  const at = { wall: 1000 * day, steady: 5 };
  const clock = watchClock(
    () => at.wall,
    () => at.steady,
  );
  const pass = (ms: number) => {
    at.wall += ms;
    at.steady += ms;
  };
  pass(hour);
  expect(clock.jump()).toBe(0);
  expect(clock.held()).toBe(false);
  at.wall += day;
  pass(hour);
  expect(clock.jump()).toBe(day);
  expect(clock.held()).toBe(true);
  pass(day - hour);
  expect([clock.jump(), clock.held()]).toEqual([0, true]);
  pass(hour);
  expect(clock.held()).toBe(false);
  at.wall -= day;
  expect(clock.jump()).toBe(-day);
  expect(clock.held()).toBe(true);
});
