// A process that makes the tables and is killed at the n-th statement of that: `dies-migrating.ts WHERE N`.
import type { KyselyPlugin } from 'kysely';
import { migrations, openKeep } from '../../src/store/keep.ts';

const [where = '', n = ''] = process.argv.slice(2);
let count = 0;
const killer: KyselyPlugin = {
  transformQuery({ node }) {
    count += 1;
    if (count === Number(n)) process.kill(process.pid, 'SIGKILL');
    return node;
  },
  transformResult: async ({ result }) => result,
};
const dying = Object.entries(migrations).map(([name, { up }]) => [
  name,
  { up: (db: Parameters<typeof up>[0]) => up(db.withPlugin(killer)) },
]);
await openKeep(where, () => {}, Object.fromEntries(dying));
process.exit(0);
