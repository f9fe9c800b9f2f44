// One server for a whole run of the project `postgres`; each store of a test is a database of its own.
import type { TestProject } from 'vitest/node';
import { makePostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server's first database; undefined in the other projects. */
    postgres: string | undefined;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await makePostgres(false);
  await server.start();
  project.provide('postgres', server.url('postgres'));
  return () => server.end();
}
