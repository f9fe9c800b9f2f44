// `npm run invite -- --role ROLE [--role ROLE]`: prints a single-use link for a new account. It opens
// the same stores as the service, which may go on running.
import { parseArgs } from 'node:util';
import { type Role, roles } from '../case/case.ts';
import { readConfig } from '../config.ts';
import type { Desk } from '../desk/desk.ts';
import { inviteFor } from '../desk/people-page.ts';
import { orRefuse, refuse } from '../start/refuse.ts';
import { openStores } from '../start/stores.ts';

/** The link, or what was wrong with the arguments. */
export async function invite(
  stores: Pick<Desk, 'keep' | 'auditKey' | 'now' | 'publicUrl'>,
  args: string[],
): Promise<{ link: string; roles: Role[] } | { findings: string[] }> {
  const usage = `--role: one or more of ${roles.join(', ')}`;
  try {
    const { values } = parseArgs({ args, options: { role: { type: 'string', multiple: true } }, strict: true });
    const asked = values.role ?? [];
    const known = roles.filter((role) => asked.includes(role));
    if (known.length === 0 || known.length !== new Set(asked).size) return { findings: [usage] };
    return { link: await inviteFor(stores, known, 'operator'), roles: known };
  } catch {
    return { findings: [usage] };
  }
}

if (import.meta.main) {
  const config = readConfig(process.env);
  if ('findings' in config) refuse(config.findings);
  const stores = orRefuse(await openStores(config));
  const made = await invite({ ...stores, now: () => new Date(), publicUrl: config.PUBLIC_URL }, process.argv.slice(2));
  await stores.close();
  if ('findings' in made) refuse(made.findings);
  process.stdout.write(`One new account (${made.roles.join(', ')}), single use, 30 minutes: ${made.link}\n`);
}
