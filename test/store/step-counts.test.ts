// How often steps are reached: sums of a day that outlive a restart and know no person.
import { expect, it } from 'vitest';
import { makeForget } from '../../src/store/forget.ts';
import { openKeyvSqlite } from '../../src/store/keyv-sqlite.ts';
import { makeStepCounts } from '../../src/store/step-counts.ts';
import { loadContent } from '../../src/text/content.ts';

const day = 24 * 3_600_000;
const clock = { now: Date.parse('2026-11-30T10:00:00Z') };
const open = () => {
  clock.now = Date.parse('2026-11-30T10:00:00Z');
  const store = openKeyvSqlite(':memory:', () => clock.now);
  const forget = makeForget(store, 'steps', () => {});
  return { forget, counts: () => makeStepCounts(forget, () => clock.now) };
};

it('sums last over restarts, day by day and month by month', async () => {
  const { counts } = open();
  const first = counts();
  first.count('return/needs');
  first.count('return/needs');
  await first.flush();
  first.count('return/needs');
  await Promise.all([first.flush(), first.flush()]);
  const second = counts();
  second.count('return/needs');
  expect(await second.month('2026-11'), 'with what is not written yet').toEqual({ 'return/needs': 4 });
  clock.now += day;
  second.count('talk/agree');
  await second.flush();
  expect(await counts().month('2026-11')).toEqual({ 'return/needs': 4 });
  expect(await counts().month('2026-12')).toEqual({ 'talk/agree': 1 });
});

it('what could not be written is written the next time, once', async () => {
  const { forget } = open();
  let down = true;
  const flaky = {
    ...forget,
    set: (...given: Parameters<typeof forget.set>) => (down ? Promise.reject(new Error('down')) : forget.set(...given)),
  };
  const counts = makeStepCounts(flaky, () => clock.now);
  counts.count('learn/what');
  await expect(counts.flush()).rejects.toThrow('down');
  counts.count('learn/what');
  down = false;
  await counts.flush();
  await counts.flush();
  expect(await makeStepCounts(forget, () => clock.now).month('2026-11')).toEqual({ 'learn/what': 2 });
});

it('goes after thirteen months', async () => {
  const { counts } = open();
  const one = counts();
  one.count('learn/what');
  await one.flush();
  clock.now += 401 * day;
  expect(await counts().month('2026-11')).toEqual({});
});

it('the safety questions and protection are private, and private steps are never counted', async () => {
  const content = await loadContent('flows', 'locales', 'demo');
  if ('findings' in content) throw new Error(content.findings.join('\n'));
  expect(content.flow.private).toEqual(expect.arrayContaining(['gate', 'protect']));
});
