// A small soak: the full one is `npm run soak`.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { soak } from '../support/soak.ts';

it.for([
  'polling',
  'webhook',
] as const)('twenty-five people at once by %s, killed at random: every talk is completed, each with exactly one case', {
  timeout: 480_000,
}, async (mode) => {
  const result = await soak({ updates: 600, concurrency: 25, between: [600, 2_000], seed: 20_261_124, mode });
  expect(result.violations).toEqual([]);
  expect(result.refs).toEqual(result.told);
  expect(new Set(result.refs).size).toBe(result.people);
  expect(result.answers).toHaveLength(1);
  expect(result.kills).toBeGreaterThan(0);
});

it('the full one runs as the command does, outside the tests', async () => {
  const { VITEST: _, ...environment } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['test/soak.ts', 'polling', '1'], { env: environment });
  expect(JSON.parse(stdout)).toMatchObject({ mode: 'polling', people: 1, cases: 1, sound: true });
});
