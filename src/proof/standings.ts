// Where one session stands in every world there can be: a person waits for hours, and meanwhile a programme closes,
// staff leave, texts are checked, the desk closes a request. Each such world is a leaf; leaves that look alike for
// whatever is done next are one place.
import { type Position, position } from '../flow/position.ts';
import type { Session } from '../flow/session.ts';
import { namer } from './key.ts';
import type { Model } from './model.ts';
import { type Decided, inShort, worldsOf } from './worlds.ts';

/** `decided`: what the place depends on. */
export type Leaf = { open: boolean; decided: Decided; here: Position };

/** Leaves of one place; of those that differ in nothing that is asked for from here on, the first. */
export type Place = { leaves: Leaf[] };

export type Standing = {
  places: Place[];
  /** By `worldName`. */
  placeIn: Map<string, Place>;
  /** By `worldName`, names of states: each tells what lies ahead in all worlds, since any may come at any time. */
  names: Map<string, string>;
  /** What went wrong in some world. */
  fault: { error: unknown; decided: Decided } | null;
};

export const worldName = (open: boolean, decided: Decided): string => `${open} ${inShort(decided)}`;

export function standings(model: Model): (session: Session, open: boolean) => Standing {
  const worlds = worldsOf(model.small.lists['countries'] ?? []);
  const nameOf = namer(model);
  return (session, wasOpen) => {
    const places = new Map<string, Place & { abouts: Set<string> }>();
    const placeIn: Standing['placeIn'] = new Map();
    const nameIn = new Map<string, string>();
    let fault: Standing['fault'] = null;
    for (const open of wasOpen ? [true, false] : [false])
      worlds.every(open, (facts) => {
        let here: Position | undefined;
        let error: unknown;
        const decided = worlds.usedBy(() => {
          try {
            here = position(model.small, session, facts);
          } catch (thrown) {
            error = thrown;
          }
        });
        if (here === undefined) {
          fault = { error, decided };
          return;
        }
        const { name, about } = nameOf(session, open, decided, here);
        const place = places.get(name) ?? { leaves: [], abouts: new Set() };
        places.set(name, place);
        const asked = inShort(about);
        if (!place.abouts.has(asked)) place.leaves.push({ open, decided, here });
        place.abouts.add(asked);
        placeIn.set(worldName(open, decided), place);
        nameIn.set(worldName(open, decided), name);
      });
    const described = new Map([...places].map(([name, { abouts }]) => [name, `${name} [${merged(abouts)}]`]));
    const all = [...described.values()].sort().join(' | ');
    const names = new Map([...nameIn].map(([world, name]) => [world, `${described.get(name)} || ${all}`]));
    return { places: [...places.values()], placeIn, names, fault };
  };
}

/** Two that differ in one fact, once so and once not, are as good as one that does not ask. */
function merged(abouts: ReadonlySet<string>): string {
  if (abouts.has('')) return '';
  const left = new Set(abouts);
  const text = (facts: string[]) => facts.map((fact) => `${fact};`).join('');
  for (const one of [...left].sort((a, b) => b.length - a.length)) {
    const facts = one.split(';').filter((fact) => fact !== '');
    for (const fact of facts) {
      const other = fact.endsWith(' true') ? fact.replace(/ true$/, ' false') : fact.replace(/ false$/, ' true');
      const twin = text(facts.map((each) => (each === fact ? other : each)));
      if (!left.has(one) || !left.has(twin)) continue;
      left.delete(one);
      left.delete(twin);
      left.add(text(facts.filter((each) => each !== fact)));
    }
  }
  return left.has('') ? '' : [...left].sort().join(' / ');
}
