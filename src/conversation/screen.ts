// What a step's effects look like to this person on this channel.
import type { Channel, Message } from '../channel/channel.ts';
import type { Effect } from '../flow/effect.ts';
import { position } from '../flow/position.ts';
import type { Facts, Session } from '../flow/session.ts';
import type { Share } from '../store/sessions.ts';
import type { Values } from '../text/catalog.ts';
import { render } from '../text/render.ts';
import { type Request, valuesFor, type World } from './world.ts';

export function screen(
  world: World,
  channel: Channel,
  session: Session,
  effects: Effect[],
  facts: Facts,
  request: Request | undefined,
  lock?: string,
  lead?: string[],
  share?: Share,
): Message[] {
  const { flow, catalog } = world.content;
  const { known } = position(flow, session, facts);
  let made: Values | undefined;
  const values = () => {
    made ??= valuesFor(world, session, known, request, share);
    return made;
  };
  const given = { flow, catalog, session, known, values, capabilities: channel.capabilities };
  return render(effects, { ...given, ...(lock === undefined ? {} : { lock }), ...(lead === undefined ? {} : { lead }) });
}
