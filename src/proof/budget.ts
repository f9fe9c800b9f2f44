// What a request costs the person: the fewest and the most choices and answers on the way to each kind of
// case, which personal fields are asked for, and how many taps a yes and a no take.
import type { Flow, Step } from '../flow/definition.ts';
import { type Arc, type Place, type Ways, wayTo } from './ways.ts';

export type Cost = { picks: number; answers: number };
export type Budget = {
  consent: string;
  kind: string;
  fewest: Cost;
  most: Cost;
  /** Personal and sensitive fields on the longest way. */
  personal: string[];
  /** Where a no leads, and how many further taps until a question that anybody may be asked. */
  afterNo: string;
};

const isAnswer = (at: Step | null): boolean => at?.ask !== undefined;
const total = ({ picks, answers }: Cost): number => picks + answers;
const plus = (cost: Cost, at: Step | null): Cost =>
  isAnswer(at) ? { ...cost, answers: cost.answers + 1 } : { ...cost, picks: cost.picks + 1 };

/** One line for each consent that opens a case. */
export function budgetOf(flow: Flow, ways: Ways): Budget[] {
  const out = new Map<Place, Arc[]>();
  for (const arc of ways.arcs) out.set(arc.from, [...(out.get(arc.from) ?? []), arc]);
  return Object.entries(flow.fields).flatMap(([consent, field]) => {
    if (field.type !== 'choice' || field.data !== 'consent' || field.kind === undefined) return [];
    const opened = ways.places.filter((place) => place.effects.some((effect) => effect.do === 'open-case' && effect.consent === consent));
    if (opened.length === 0) return [];
    const costs = opened.map((place) => costOf(wayTo(place)));
    const fewest = costs.reduce((least, cost) => (total(cost) < total(least) ? cost : least));
    const goals = new Set(opened);
    const starts = ways.places.filter((place) => place.from === null && reaches(out, place, goals));
    const longest = starts.map((start) => longestWay(out, start, goals)).reduce((most, way) => (way.length > most.length ? way : most), []);
    const most = longest.reduce<Cost>((cost, arc) => plus(cost, arc.from.at), { picks: 0, answers: 0 });
    const asked = longest
      .flatMap((arc) => arc.from.at?.ask ?? [])
      .filter((name) => ['personal', 'sensitive'].includes(flow.fields[name]?.data ?? ''));
    const no = ways.arcs.find((arc) => arc.from.at?.ask === consent && arc.value === 'no');
    return [{ consent, kind: field.kind, fewest, most, personal: asked, afterNo: no?.to.at?.ref ?? 'the end' }];
  });
}

const costOf = (way: Place[]): Cost => way.slice(0, -1).reduce<Cost>((cost, place) => plus(cost, place.at), { picks: 0, answers: 0 });

function reaches(out: Map<Place, Arc[]>, start: Place, goals: Set<Place>): boolean {
  const seen = new Set([start]);
  for (const place of seen) for (const { to } of out.get(place) ?? []) seen.add(to);
  return [...goals].some((goal) => seen.has(goal));
}

/** The longest way that comes to no question twice: who goes in circles is not counted. */
function longestWay(out: Map<Place, Arc[]>, start: Place, goals: Set<Place>): Arc[] {
  const known = new Map<Place, Arc[] | null>();
  const open = new Set<Place>();
  const longest = (place: Place): Arc[] | null => {
    if (goals.has(place)) return [];
    const before = known.get(place);
    if (before !== undefined) return before;
    if (open.has(place)) return null;
    open.add(place);
    let best: Arc[] | null = null;
    for (const arc of out.get(place) ?? []) {
      // A fresh beginning at the topics is another conversation.
      if (beginsAnew(arc)) continue;
      const rest = longest(arc.to);
      if (rest !== null && (best === null || rest.length + 1 > best.length)) best = [arc, ...rest];
    }
    open.delete(place);
    known.set(place, best);
    return best;
  };
  return longest(start) ?? [];
}

/** Led back to a question that was passed before, with what was answered since dropped. */
const beginsAnew = ({ from, to }: Arc): boolean => to.at !== null && wayTo(from).some((place) => place !== from && place.at === to.at);
