// What can be known of the Dockerfile without an engine: nothing it copies is missing or kept out, nothing
// else gets in, and nobody runs as root. `test/docker-rehearsal.ts` goes through its lines in a real Debian.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandOf, lets, linesOf, pairsOf } from './support/dockerfile.ts';

const lines = linesOf(readFileSync('Dockerfile', 'utf8'));
const ignore = readFileSync('.dockerignore', 'utf8');
const all = (word: string) => lines.flatMap((line) => (line.word === word ? [line.rest] : []));

it('begins with a Node the product runs on, on a Debian called by its name', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [, version] = /^node:(\d+)-[a-z]+-slim$/.exec(all('FROM').join()) ?? [];
  expect(engines.node).toContain(`>=${version}.`);
});

it('copies what there is and what is let in, and nothing else is let in', () => {
  const copied = all('COPY').flatMap((rest) => rest.split(' ').slice(0, -1));
  expect(copied.filter((name) => !existsSync(name) || !lets(ignore, name))).toEqual([]);
  expect(ignore.match(/^!.+$/gm)?.toSorted()).toEqual(copied.map((name) => `!${name}`).toSorted());
  for (const secret of ['.env', 'data', 'test', '.git', 'node_modules']) expect(lets(ignore, secret)).toBe(false);
});

it('ends as somebody without rights, with a command and a check that are words and no shell', () => {
  expect(all('USER')).toEqual(['node']);
  expect(lines.findIndex(({ word }) => word === 'USER')).toBeGreaterThan(lines.findLastIndex(({ word }) => word === 'RUN'));
  expect(commandOf(all('CMD').join()).at(-1)).toBe('src/main.ts');
  expect(commandOf(all('HEALTHCHECK').join())).toHaveLength(3);
  expect(new Map(all('ENV').flatMap(pairsOf)).get('DATA_DIR')).toBe(all('VOLUME').join());
});

it('and a line that is not understood is no line to pass over', () => {
  expect(() => linesOf('FROM node:24-trixie-slim\nADD https://example.org/x /x\n')).toThrow(/not understood: ADD/);
  expect(() => lets('*.log\n', 'src')).toThrow();
});
