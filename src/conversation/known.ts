// Who writes: the session under this address, or under one the same person had before. A channel may learn
// late that two addresses are one person; then the conversation and the open request go on, not anew.
import type { Incoming } from '../channel/channel.ts';
import { type Address, addressOf, moveAddress } from '../store/addresses.ts';
import type { Stored } from '../store/sessions.ts';
import { hasMark, type Person } from './perform.ts';
import type { World } from './world.ts';

/** Rejects when that cannot be known. To be called under the person's lock. */
export async function storedOf({ sessions, keep, seal, index }: World, incoming: Incoming, person: Person): Promise<Stored | undefined> {
  let stored = await sessions.load(person.key);
  for (const former of incoming.formerly ?? []) {
    const key = index('person', incoming.channel, former);
    await moveAddress(keep, seal, key, person.key, person.chat);
    const before = await sessions.load(key);
    if (before === undefined) continue;
    if (stored === undefined) await sessions.save(person.key, before);
    stored ??= before;
    await sessions.forget(key);
  }
  return stored;
}

/**
 * Their open request as this step has to see it. Killed after a request was opened or ended and before the
 * session was saved, the same message meets a world it has changed itself: it is handled as it was then.
 */
export async function requestOf(
  world: World,
  incoming: Incoming,
  person: Person,
  stored: Stored | undefined,
): Promise<{ address: Address | undefined; open: boolean }> {
  const address = await addressOf(world.keep, person.key);
  const open = address !== undefined;
  const before = stored?.open ?? false;
  if (stored === undefined || before === open || !(await hasMark(world, 'turn', person, incoming.id))) return { address, open };
  return { address: undefined, open: before };
}
