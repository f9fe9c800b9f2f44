// Every state the world outside can be in while a step is taken. A fact is decided only when the engine
// asks for it, then once more the other way: whatever is never asked for cannot matter, so nothing is left out.
import type { Facts } from '../flow/session.ts';

export type Decided = ReadonlyMap<string, boolean>;
/** `soFar`: what must hold in every one of them. Not to be called from within itself. */
export type EveryWorld = (requestOpen: boolean, run: (facts: Facts, decided: Decided) => void, soFar?: Decided) => void;
export type Worlds = {
  every: EveryWorld;
  /** Only those decided facts that `look` asks for; within a run. */
  usedBy(look: () => void): Decided;
};

/**
 * A country without a pack behaves like a closed one that takes nobody back, so each has a pack here.
 * `alike`: all countries have the same, for questions about one of them.
 */
export function worldsOf(countries: string[], alike = false): Worlds {
  let decided = new Map<string, boolean>();
  let others: Map<string, boolean>[] = [];
  const used = new Set<string>();
  const ask = (fact: string): boolean => {
    used.add(fact);
    const known = decided.get(fact);
    if (known !== undefined) return known;
    others.push(new Map(decided).set(fact, false));
    decided.set(fact, true);
    return true;
  };
  // A skipped country is refused too: one way more than there is, and none less.
  const everybody: string[] = Object.assign([], { includes: () => true });
  const programmes: Facts['programmes'] = {};
  for (const entry of countries) {
    const country = alike ? 'the country' : entry;
    programmes[entry] = {
      get open() {
        return ask(`${country} takes requests`);
      },
      get noReturn() {
        return ask(`return possible from ${country}`) ? [] : everybody;
      },
      get repeatWindow() {
        return ask(`${country} has a repeat window`);
      },
      get partnerVisits() {
        return ask(`partner visits in ${country}`);
      },
    };
  }
  const facts = (requestOpen: boolean): Facts => ({
    requestOpen,
    programmes,
    get childStaff() {
      return ask('staff for children');
    },
    get protectionStaff() {
      return ask('staff for protection');
    },
    get draftLanguage() {
      return !ask('texts of the language are checked');
    },
  });
  const both = { yes: facts(true), no: facts(false) };
  const every: EveryWorld = (requestOpen, run, soFar) => {
    others = [new Map(soFar)];
    for (let next = others.pop(); next !== undefined; next = others.pop()) {
      decided = next;
      run(requestOpen ? both.yes : both.no, next);
    }
  };
  return {
    every,
    usedBy(look) {
      used.clear();
      look();
      return new Map([...used].sort().map((fact) => [fact, decided.get(fact) ?? true]));
    },
  };
}

export const inShort = (decided: Decided): string => {
  let text = '';
  for (const [fact, holds] of decided) text += `${fact} ${holds};`;
  return text;
};

/** One world in words, for the end of a path. */
export const inWords = (decided: Decided): string => [...decided].map(([fact, holds]) => (holds ? fact : `not: ${fact}`)).join(', ');
