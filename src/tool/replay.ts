// `npm run replay -- --endpoint ID [--since TIME | --event ID …]`: sends events to an outside endpoint
// again, under the ids they had; without more, those that were given up. `-- --own` does it for events
// between bot and desk that were set aside. The service may go on running: it posts them.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { replay } from '../desk/api-events.ts';
import type { Desk } from '../desk/desk.ts';
import { orRefuse, refuse } from '../start/refuse.ts';
import { openStores } from '../start/stores.ts';
import { findEndpoint } from '../store/endpoints.ts';
import type { Which } from '../store/feed.ts';
import { takeUpAgain } from '../store/outbox.ts';

const usage = '--endpoint ID with --since TIME, --event ID (repeat it for several) or nothing for those given up; or --own';

/** How many will be sent again, or what was wrong with the arguments. */
export async function again(
  stores: Pick<Desk, 'keep' | 'seal' | 'auditKey' | 'now'>,
  args: string[],
): Promise<{ replayed: number } | { findings: string[] }> {
  const options = {
    endpoint: { type: 'string' },
    since: { type: 'string' },
    event: { type: 'string', multiple: true },
    own: { type: 'boolean' },
  } as const;
  try {
    const { values } = parseArgs({ args, options, strict: true });
    const { endpoint, since, event, own } = values;
    if (own) {
      if (endpoint !== undefined || since !== undefined || event !== undefined) return { findings: [usage] };
      return { replayed: await takeUpAgain(stores.keep, stores.now().getTime()) };
    }
    const at = since === undefined ? null : Date.parse(since);
    if (endpoint === undefined || (since !== undefined && event !== undefined) || Number.isNaN(at)) return { findings: [usage] };
    if ((await findEndpoint(stores.keep, stores.seal, endpoint)) === null) return { findings: ['--endpoint: there is no such endpoint'] };
    const which: Which = at !== null ? { since: at } : event !== undefined ? { ids: event } : { dead: true };
    return { replayed: await replay(stores, endpoint, which, 'operator') };
  } catch {
    return { findings: [usage] };
  }
}

if (import.meta.main) {
  const config = readConfig(process.env);
  if ('findings' in config) refuse(config.findings);
  const stores = orRefuse(await openStores(config));
  const made = await again({ ...stores, now: () => new Date() }, process.argv.slice(2));
  await stores.close();
  if ('findings' in made) refuse(made.findings);
  process.stdout.write(`${made.replayed} events will be sent again.\n`);
}
