// Projects one after the other, because two cores must be enough. Unit is what one runs after every change, so it stays
// short; proof breaks flows and texts in every way we know and visits whole state spaces; postgres is what reads and
// writes SQL once more, on PostgreSQL. Browser and smoke run one file at a time since each brings processes of its own.
import { defineConfig } from 'vitest/config';
import { needs } from './test/support/parts.ts';

const exhaustive = ['mutations', 'words', 'shortcuts', 'rehearse'].map((name) => `test/proof/${name}*.test.ts`);
const seconds = (count: number) => count * 1000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/smoke/**', 'test/store/postgres*.test.ts', ...exhaustive],
          maxWorkers: 2,
          testTimeout: seconds(30),
          hookTimeout: seconds(30),
          sequence: { groupOrder: 0 },
        },
      },
      ...(needs('postgres')
        ? []
        : [
            {
              test: {
                name: 'postgres',
                include: ['test/{conversation,desk,handoff,link,store}/**/*.test.ts', 'test/tool/invite.test.ts'],
                exclude: ['test/store/{forget,keys,redis}.test.ts', 'test/handoff/many.test.ts', 'test/{desk,conversation}/disk.test.ts'],
                globalSetup: ['test/support/postgres-setup.ts'],
                maxWorkers: 2,
                testTimeout: seconds(30),
                hookTimeout: seconds(30),
                sequence: { groupOrder: 0 },
              },
            },
          ]),
      {
        test: {
          name: 'proof',
          include: exhaustive,
          maxWorkers: 2,
          testTimeout: seconds(120),
          hookTimeout: seconds(120),
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          maxWorkers: 1,
          testTimeout: seconds(60),
          hookTimeout: seconds(60),
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'smoke',
          include: ['test/smoke/**/*.test.ts'],
          maxWorkers: 1,
          testTimeout: seconds(120),
          hookTimeout: seconds(120),
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
