// A small soak of each kind, by the command itself: the full one is `npm run soak`.
import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/parts.ts';

// Not as a test: it has to work for whoever types it.
const { VITEST: _, ...outside } = process.env;

/** What the command counted; it ends with 1 when anything is lost, doubled or wrong. */
const soaked = (...args: string[]): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) =>
    execFile(process.execPath, ['test/soak.ts', ...args], { env: outside }, (error, out, err) =>
      error ? reject(new Error(out + err)) : resolve(JSON.parse(out)),
    ),
  );
const sound = { sound: true, lost: 0, doubled: 0, kills: expect.toSatisfy((kills: number) => kills > 0) };

describe('twenty people at once, killed at random: every talk is completed, each with exactly one case', () => {
  const hangLimit = { timeout: 480_000 };
  it.for(['polling', 'webhook'])('by %s', hangLimit, async (mode) =>
    expect(await soaked(mode, '400', '20261124', '20')).toMatchObject(sound),
  );
  it.skipIf([needs('redis'), needs('postgres')].includes(true))(
    'by webhook before two processes on Redis and PostgreSQL',
    hangLimit,
    async () => expect(await soaked('shared', '400', '20261124', '20')).toMatchObject(sound),
  );
});
