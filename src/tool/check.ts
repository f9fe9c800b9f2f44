// `npm run check`: everything that can be said about the project without running it, one named step
// after the other. The first failure ends it, with the command that helps.
import { spawnSync } from 'node:child_process';

type Step = { name: string; command: string; fix: string };

const steps: Step[] = [
  { name: 'style', command: 'npx --no-install biome check', fix: 'npm run fix' },
  { name: 'types', command: 'npx --no-install tsc -p .', fix: 'npx tsc -p . (after each correction)' },
  { name: 'unused', command: 'npx --no-install knip', fix: 'remove what is listed, then npx knip' },
  { name: 'flows', command: 'npm run --silent flows', fix: 'npm run flows (each finding names its file, line and column)' },
  { name: 'locales', command: 'npm run --silent locales', fix: 'npm run locales (each finding names its file, line and key)' },
  { name: 'rehearse', command: 'npm run --silent rehearse', fix: 'npm run rehearse; what was renamed needs a line under moved' },
  { name: 'fresh', command: 'npm run --silent draw -- --check', fix: 'npm run draw' },
];

for (const { name, command, fix } of steps) {
  console.log(`check: ${name}`);
  const [program = '', ...words] = command.split(' ');
  const { status } = spawnSync(program, words, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`check: ${name} failed. To put it right: ${fix}`);
    process.exit(1);
  }
}
console.log('check: all good');
