// A query that every message needs, built once for each database: building it anew takes many times as long
// as running it does.
import type { Compilable, CompiledQuery } from 'kysely';
import type { Keep, Tx } from './keep.ts';

/** `build` uses every value it is given as a parameter, in the order in which it is given them. */
export function ready<Row, Given extends string[]>(
  build: (db: Keep | Tx, ...given: Given) => Compilable<Row>,
): (db: Keep | Tx, ...given: Given) => Promise<Row[]> {
  const built = new WeakMap<object, CompiledQuery<Row>>();
  return async (db, ...given) => {
    const { adapter } = db.getExecutor();
    let query = built.get(adapter);
    if (query === undefined) {
      query = build(db, ...given).compile() as CompiledQuery<Row>;
      built.set(adapter, query);
    }
    return (await db.executeQuery<Row>({ ...query, parameters: given })).rows;
  };
}
