// The file for Docker Compose says what the product understands: its settings are read by the product's
// own reader, whose findings would keep a container from starting.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../src/config.ts';

const given: Record<string, string> = {
  SEAL_KEY: Buffer.alloc(32, 1).toString('base64'),
  HANDOFF_SECRET: `whsec_${Buffer.alloc(32, 2).toString('base64')}`,
  POSTGRES_PASSWORD: 'long-and-random',
};
/** `${NAME}`, `${NAME:-otherwise}` and `${NAME:?why}`, as Compose fills them in; the inner one first. */
function filled(text: string): string {
  const once = text.replace(/\$\{([A-Z_]+)(?::([-?])([^${}]*))?\}/g, (_, name: string, kind?: string, rest?: string) => {
    const value = given[name];
    if (value === undefined && kind !== '-') throw new Error(`${name} has to be set`);
    return value ?? rest ?? '';
  });
  return once === text ? text : filled(once);
}
type Service = { environment: Record<string, string>; profiles?: string[] };
const { services } = parse(filled(readFileSync('compose.yaml', 'utf8')), { merge: true }) as { services: Record<string, Service> };

it.for(['all', 'bot', 'desk'])('%s starts with what the file gives it', (name) => {
  const config = readConfig(services[name]?.environment ?? {});
  expect(config).not.toHaveProperty('findings');
  expect(config).toMatchObject({ ROLE: name, PORT: 3000 });
});

it('nothing starts with a key that somebody else could know', () => {
  const text = readFileSync('compose.yaml', 'utf8');
  for (const name of Object.keys(given)) expect(text).toMatch(new RegExp(`\\$\\{${name}:\\?`));
});

it('the two halves are asked for by name and have nothing in common but the secret', () => {
  const [bot, desk] = [services['bot'], services['desk']];
  expect([bot?.profiles, desk?.profiles]).toEqual([['roles'], ['roles']]);
  expect(bot?.environment['DATABASE_URL']).not.toBe(desk?.environment['DATABASE_URL']);
  expect(bot?.environment['HANDOFF_SECRET']).toBe(desk?.environment['HANDOFF_SECRET']);
});
