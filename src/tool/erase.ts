// `npm run erase -- --case REF`: erases one request, by its ref or its id, while the service runs or
// not. The chat forgets the address and tells the person as soon as the service hears of it.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import type { Desk } from '../desk/desk.ts';
import { eraseById, keeper } from '../desk/erase.ts';
import { orRefuse, refuse } from '../start/refuse.ts';
import { newId, openStores } from '../start/stores.ts';

/** Id and ref of what was erased, or why nothing was. */
export async function erase(
  desk: Pick<Desk, 'keep' | 'seal' | 'auditKey' | 'now' | 'newId'>,
  args: string[],
): Promise<{ id: string; ref: string } | { findings: string[] }> {
  const asked = askedFor(args);
  if (asked === undefined) return { findings: ['--case: the ref of a request, such as 7K4-2PD, or its id, such as c_8f31…'] };
  const rows = await desk.keep
    .selectFrom('cases')
    .select(['id', 'ref', 'status'])
    .where((q) => q.or([q('id', '=', asked), q('ref', '=', asked.toUpperCase())]))
    .execute();
  const left = rows.filter((row) => row.status !== 'erased');
  const [one, ...more] = left;
  if (one === undefined)
    return { findings: [rows.length === 0 ? '--case: there is no such request here' : '--case: it is erased already'] };
  if (more.length > 0)
    return { findings: [`--case: several requests have this ref; name one by its id: ${left.map((row) => row.id).join(', ')}`] };
  await eraseById(desk, one.id, keeper('operator'), 'operator');
  return { id: one.id, ref: one.ref };
}

function askedFor(args: string[]): string | undefined {
  try {
    return parseArgs({ args, options: { case: { type: 'string' } }, strict: true }).values.case;
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const config = readConfig(process.env);
  if ('findings' in config) refuse(config.findings);
  const stores = orRefuse(await openStores(config));
  const done = await erase({ ...stores, now: () => new Date(), newId }, process.argv.slice(2));
  await stores.settle();
  await stores.close();
  const { id, ref } = orRefuse(done);
  process.stdout.write(`${ref} (${id}) is erased at the desk, its key destroyed. The chat forgets the address and tells the person\n`);
  process.stdout.write('within a minute if the service runs, otherwise when it starts.\n');
}
