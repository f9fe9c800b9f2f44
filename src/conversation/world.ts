// What a conversation needs of the world, as plain values handed in by `main.ts`: content, stores,
// clock. And what the world means for the engine: facts and inserted values.

import { programmeFacts } from '../flow/programme.ts';
import type { Facts, Known, Partner, Session } from '../flow/session.ts';
import type { Log } from '../log.ts';
import type { Address } from '../store/addresses.ts';
import type { Keep } from '../store/keep.ts';
import type { Seals } from '../store/keys.ts';
import type { Lock } from '../store/lock.ts';
import type { Sessions, Share } from '../store/sessions.ts';
import type { Values } from '../text/catalog.ts';
import type { Content } from '../text/content.ts';
import { placeValues } from '../text/values.ts';

export type World = {
  content: Content;
  keep: Keep;
  seal: Seals;
  sessions: Sessions;
  lock: Lock;
  /** Keyed hash, hex. */
  index: (...parts: string[]) => string;
  log: Log;
  now: () => number;
  mode: 'demo' | 'production';
  /** Days an unanswered request is kept, by kind of wait. */
  days: { contact: number; unclaimed: number };
  /** Whether somebody with the protection role can be reached. */
  protectionStaff: () => Promise<boolean>;
  /** Whose link code this is; null when it is nobody's any more. */
  partner: (code: string) => Promise<Partner | null>;
  /** Something was put into the outbox. */
  wake: () => void;
  /** A step was reached; daily sums only. */
  count: (step: string) => void;
};

/** Packs do not change while the program runs. */
const ofPacks = new WeakMap<Content['programmes'], Facts['programmes']>();

function packFacts(programmes: Content['programmes']): Facts['programmes'] {
  const facts = ofPacks.get(programmes) ?? programmeFacts([...programmes.values()]);
  ofPacks.set(programmes, facts);
  return facts;
}

export async function factsFor(world: World, address: Address | undefined, lang: string): Promise<Facts> {
  const { operator, programmes } = world.content;
  return {
    requestOpen: address !== undefined,
    programmes: packFacts(programmes),
    childStaff: operator.childTrained,
    protectionStaff: await world.protectionStaff(),
    draftLanguage: isDraft(world, lang),
  };
}

/** In a demo every draft may be tried. */
export const isDraft = (world: World, lang: string): boolean => world.mode === 'production' && world.content.drafts.includes(lang);

/** The open request, as far as texts may speak of it. */
export type Request = { ref: string; kind: string; country: string | null };

export function valuesFor(world: World, session: Session, known: Known, request: Request | undefined, share?: Share): Values {
  const { catalog, packOf, values } = world.content;
  const country = known['welcome/country'] ?? request?.country;
  const code = typeof country === 'string' ? country : undefined;
  const name = code !== undefined && catalog.has(session.lang, 'lists', `countries.${code}.name`);
  return {
    ...values(session.lang),
    country: name ? catalog.text(session.lang, 'lists', `countries.${code}.name`) : '',
    ...placeValues({ pack: packOf(code), catalog, lang: session.lang, mode: world.mode, today: world.now() }),
    organisation: share?.name ?? '',
    ref: request?.ref ?? '',
    // One figure for talk and protection, so that both look the same.
    days: catalog.count(session.lang, 'common', 'days', request?.kind === 'return' ? world.days.unclaimed : world.days.contact),
  };
}

const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What people read out on the telephone: six signs that cannot be mistaken for each other. */
export function refOf(hash: string): string {
  let rest = Number.parseInt(hash.slice(0, 12), 16);
  let ref = '';
  for (let i = 0; i < 6; i += 1) {
    ref += letters[rest % letters.length];
    rest = Math.floor(rest / letters.length);
  }
  return `${ref.slice(0, 3)}-${ref.slice(3)}`;
}
