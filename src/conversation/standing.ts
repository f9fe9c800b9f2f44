// How a person stands with us, as far as a channel may know that shows a conversation again.
import type { ChannelName } from '../channel/channel.ts';
import { addressOf } from '../store/addresses.ts';
import type { Sessions } from '../store/sessions.ts';
import type { World } from './world.ts';

/** False: nothing is known of them. `stopped`: they ended it, and were told that the answers are deleted. */
export async function standing(
  { sessions, index, keep }: Pick<World, 'index' | 'keep'> & { sessions: Sessions },
  channel: ChannelName,
  person: string,
): Promise<boolean | 'stopped'> {
  const key = index('person', channel, person);
  const stored = await sessions.load(key);
  if (stored?.session.done === 'stopped') return 'stopped';
  return stored !== undefined || (await addressOf(keep, key)) !== undefined;
}
