// Five hundred made-up requests must not bury the one that is real.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { floodMs, floodSize, runOf } from '../../src/case/flood.ts';
import { applyEvent } from '../../src/desk/from-bot.ts';
import { caseEvent } from '../../src/handoff/contract.ts';
import { transact } from '../../src/store/transact.ts';
import { opened, startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

const arrives = async (id: string, change: Record<string, unknown> = {}) => {
  const event = caseEvent.parse(opened(id, change, on.clock.now));
  await transact(on.desk.keep, (tx) => applyEvent(on.desk, tx, event, on.clock.now));
};
const fakes = async (count: number, change: Record<string, unknown> = {}, name = 'f') => {
  for (let i = 0; i < count; i += 1)
    await arrives(`c_${name}${String(i).padStart(5, '0')}`, { link: 'poster-7', ref: 'FAK-EAA', ...change });
};
const page = async (path = '/desk') => {
  const { cookie } = await on.signedIn(`Amina${Math.floor(on.clock.now)}`, ['caseworker']).catch(() => ({ cookie: '' }));
  return (await on.get(path, cookie)).text();
};
const rows = (html: string) => (html.match(/<li class="row /g) ?? []).length;

describe('a flood of like requests', () => {
  it('of five hundred is one row that opens, and a real request stands beside it', async () => {
    await fakes(500);
    await arrives('c_real1', { ref: 'REA-LLY', answers: { 'gate/age': 'adult', needs: ['health'] } });
    const { cookie } = await on.signedIn('Amina', ['caseworker']);
    const queue = await (await on.get('/desk', cookie)).text();
    expect(rows(queue)).toBe(2);
    expect(queue).toContain('REA-LLY');
    expect(queue).toContain('500 requests like this one came within a minute');
    const link = /href="([^"]*flood=[^"]*)"/.exec(queue)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const inside = await (await on.get(link, cookie)).text();
    expect(rows(inside)).toBe(50);
    const next = /href="([^"]*after=[^"]*)"/.exec(inside)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(rows(await (await on.get(next, cookie)).text())).toBe(50);
    // Nothing is deleted and nothing is hidden from other case software.
    expect(await on.desk.keep.selectFrom('cases').select('id').execute()).toHaveLength(501);
  });

  it('stays a flood of the kind it is: protection is not counted for those who may not see it', async () => {
    await fakes(floodSize, { kind: 'protection' });
    expect(rows(await page())).toBe(0);
  });

  it('ends with its content: no hash is left of what somebody told', async () => {
    await fakes(1);
    await on.hook({ ...opened('c_f00000'), type: 'case.withdrawn', data: { case_id: 'c_f00000', seq: 2 } });
    expect(await on.desk.keep.selectFrom('cases').select(['alike', 'flood']).executeTakeFirst()).toEqual({ alike: null, flood: null });
  });
});

describe('people who happen to come together', () => {
  it.for<[string, () => Promise<void>, number]>([
    ['fewer than a flood', () => fakes(floodSize - 1), floodSize - 1],
    [
      'more than a flood, but each told something else',
      async () => {
        for (const [i, child] of ['yes', 'no'].entries())
          await fakes(floodSize - 1, { answers: { children: child, needs: ['baby'] } }, `p${i}`);
      },
      2 * (floodSize - 1),
    ],
    [
      'many alike, one after the other in their own time',
      async () => {
        for (let i = 0; i < 12; i += 1) {
          await fakes(1, {}, `t${i}`);
          on.clock.now += 50_000;
        }
      },
      12,
    ],
  ])('are shown each for themselves: %s', async ([, come, count]) => {
    await come();
    expect(rows(await page())).toBe(count);
  });
});

it('a run is counted from its first request, so that it does not grow without end', () => {
  expect(runOf('c_2', floodMs - 1, { flood: 'c_1', first: 0 })).toBe('c_1');
  expect(runOf('c_2', floodMs, { flood: 'c_1', first: 0 })).toBe('c_2');
  expect(runOf('c_1', 0, null)).toBe('c_1');
});
