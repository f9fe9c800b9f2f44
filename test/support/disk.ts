// A disk that is full or read-only, for stores of a test: the engine itself says so, nothing is faked.
import { type Kysely, sql } from 'kysely';

export type Trouble = 'full' | 'read-only';
export const troubles: Trouble[] = ['full', 'read-only'];

/** Gives what puts it right again. */
export async function spoil<T>(db: Kysely<T>, trouble: Trouble): Promise<() => Promise<unknown>> {
  const run = (text: string) => sql.raw(text).execute(db);
  if (trouble === 'full') {
    // No page more than there are, and none of those left free.
    await run('CREATE TABLE IF NOT EXISTS filler (x)');
    await run('PRAGMA max_page_count = 1');
    for (const size of [3000, 300, 30])
      for (let room = true; room; )
        room = await run(`INSERT INTO filler VALUES (zeroblob(${size}))`).then(
          () => true,
          () => false,
        );
    return () => run('PRAGMA max_page_count = 1000000');
  }
  await run('PRAGMA query_only = ON');
  return () => run('PRAGMA query_only = OFF');
}
