// The gate: whatever is picked, it leads where the table in code says, and nothing of it is left behind.
// The table is compared with every single combination of picks, without classes.
import { choose, reads } from '../flow/condition.ts';
import type { Condition, Flow } from '../flow/definition.ts';
import { outcome, rules } from '../flow/rules.ts';
import type { Known } from '../flow/session.ts';
import { rulesIn } from './classes.ts';
import { arrows } from './graph.ts';
import { agreedTo, type Broken, consentKind, type FileRule, knownAfter, type Model, type MoveRule } from './model.ts';

const gate = 'gate';
const inGate = (item: string) => item.startsWith(`${gate}/`);
const mostWays = 200_000;

/** P25 and P15, over the files: each way through the gate ends where `outcome` says, and a skip never ends in `clear`. */
export const tableHolds: FileRule = {
  id: 'P25',
  broken(model) {
    const { flow } = model;
    if (flow.exits['clear'] === undefined) return [];
    const found: Broken[] = [];
    const ended = (at: string, to: string, known: Known) => {
      // The table speaks of those who were asked for whom it is; before that, only `clear` is barred.
      const asked = known[rules.clear.reads[0] ?? ''] !== undefined;
      const exit = flow.steps[at]?.restart === undefined && to !== 'resume' && to !== flow.exits['clear'] ? null : exitOf(flow, to);
      const expected = outcome(known);
      const picks = Object.entries(known)
        .filter(([item]) => inGate(item))
        .map(([item, value]) => `${item.slice(gate.length + 1)} ${value}`)
        .join(', ');
      if (to === flow.exits['clear'] && (expected !== 'clear' || !asked))
        found.push({ at, message: `${picks || 'nothing'} leads to clear; the table says ${expected}` });
      else if (asked && (exit === null || !exit.includes(expected)))
        found.push({ at, message: `${picks} leads to ${exit?.join(' or ') ?? to}; the table says ${expected}` });
    };
    const ways = everyWay(model, ended);
    if (ways > mostWays) found.push({ at: gate, message: `more than ${mostWays} ways through the gate` });
    return found.slice(0, 20);
  },
};

/** Names of the exits that lead there. `resume` leads home, like the exit for adults who start afresh. */
const exitOf = (flow: Flow, to: string): string[] | null => {
  const names = Object.entries(flow.exits).flatMap(([name, ref]) => (ref === (to === 'resume' ? flow.home : to) ? [name] : []));
  return names.length === 0 ? null : names;
};

/** Walks the gate with every option of every menu and tells where each way leaves it. */
function everyWay({ flow, worlds, classes }: Model, ended: (at: string, to: string, known: Known) => void): number {
  let ways = 0;
  for (const known of atTheDoor(flow, classes)) {
    const open: { ref: string; known: Known; from: string; steps: number }[] = entrances(flow).map((ref) => ({
      ref,
      known,
      from: ref,
      steps: 0,
    }));
    for (let here = open.pop(); here !== undefined; here = open.pop()) {
      const step = flow.steps[here.ref];
      if (step === undefined || step.file !== gate) {
        ended(here.from, here.ref, here.known);
        ways += 1;
      } else if (here.steps < 100 && ways <= mostWays) {
        const on = (ref: string, more: Known = {}) =>
          open.push({ ref, known: { ...here.known, ...more }, from: step.ref, steps: here.steps + 1 });
        if (step.menu !== undefined) for (const [option, to] of Object.entries(step.menu)) on(to, { [step.ref]: option });
        else if (step.restart !== undefined) on(step.restart);
        else if (step.next !== undefined) {
          const { next } = step;
          const targets = new Set<string>();
          worlds.every(false, (facts) => targets.add(choose(next, here.known, facts)));
          for (const to of targets) on(to);
        }
      }
    }
  }
  return ways;
}

/** What can be known when the gate is entered: the menus outside that its conditions look at, of values they do not name one. */
function atTheDoor(flow: Flow, classes: Model['classes']): Known[] {
  const whens = Object.values(flow.steps).flatMap((step) =>
    step.file === gate ? (step.next ?? []).flatMap((branch): Condition[] => (branch.when === undefined ? [] : [branch.when])) : [],
  );
  const named = JSON.stringify(whens);
  const ruled = new Set(whens.flatMap(rulesIn).flatMap((rule): string[] => rules[rule].reads));
  let known: Known[] = [{}];
  for (const item of new Set(whens.flatMap(reads))) {
    const step = flow.steps[item];
    if (step === undefined || inGate(item)) continue;
    const alike = (value: unknown) => (ruled.has(item) || named.includes(JSON.stringify(value)) ? value : 'any');
    const values = new Map(classes.at(step).map((value) => [alike(value), value]));
    known = known.flatMap((one) => [...values.values()].map((value) => ({ ...one, [item]: value })));
  }
  return known;
}

/** Where other files lead into the gate. */
const entrances = (flow: Flow): string[] => [
  ...new Set(
    Object.values(flow.steps).flatMap((step) => (step.file === gate ? [] : arrows(step).flatMap(({ to }) => (inGate(to) ? [to] : [])))),
  ),
];

/** P25: only after a clear gate is a return consent asked for or a return case opened, the partly answered one included. */
export const onlyClearReturns: MoveRule = {
  id: 'P25',
  broken({ flow }, move) {
    const asks = consentKind(flow, move.here.step?.ask) === 'return';
    if (asks && outcome(move.here.known) !== 'clear')
      return { at: move.here.step?.ref ?? '', message: `the return consent is reached although the gate says ${outcome(move.here.known)}` };
    const opens = move.effects.some((effect) => effect.do === 'open-case' && effect.kind === 'return');
    const known = knownAfter(move);
    if (opens && outcome(known) !== 'clear')
      return { at: move.before.step?.ref ?? '', message: `a return case although the gate says ${outcome(known)}` };
    return null;
  },
};

/** P25: where no programme takes requests, and for people in a country named in a promise, nothing leads to clear. */
export const closedIsClosed: MoveRule = {
  id: 'P25',
  broken({ flow }, { here, facts }) {
    if (consentKind(flow, here.step?.ask) !== 'return') return null;
    const country = String(here.known['welcome/country']);
    return facts.programmes[country]?.open
      ? null
      : { at: here.step?.ref ?? '', message: 'the return consent is reached where no programme takes requests' };
  },
};

/** P26, over the files: every way out but `clear` is a restart, and no gate pick is carried, counted or covered by another kind. */
export const gateDrops: FileRule = {
  id: 'P26',
  broken({ flow }) {
    const found: Broken[] = [];
    for (const [i, item] of flow.carry.entries())
      if (inGate(item)) found.push({ at: `carry.${i}`, message: `carries the gate pick ${item}` });
    for (const [name, field] of Object.entries(flow.fields)) {
      const kind = consentKind(flow, name);
      if (kind === null || kind === 'return' || field.type !== 'choice') continue;
      const pick = (field.covers ?? []).find(inGate);
      if (pick !== undefined) found.push({ at: name, message: `covers the gate pick ${pick}` });
    }
    const steps = Object.values(flow.steps).filter((step) => step.file === gate);
    if (steps.length > 0 && !flow.private.includes(gate))
      found.push({ at: gate, message: 'the gate is not private: its steps would be counted' });
    for (const step of steps)
      for (const { to, by } of arrows(step))
        if (by !== 'restart' && !inGate(to) && to !== 'resume' && to !== flow.exits['clear'])
          found.push({ at: step.ref, message: `leaves the gate to ${to} without a restart` });
    return found;
  },
};

/** P26: outside the gate no gate pick is in the session or an effect, unless the gate was clear. */
export const nothingOfTheGateStays: MoveRule = {
  id: 'P26',
  broken({ flow }, { before, after, here, effects }) {
    const at = before.step?.ref ?? '';
    const held = [after.picks, after.from.picks, after.detour?.picks ?? {}].some((picks) => Object.keys(picks).some(inGate));
    if (held) {
      const where = here.main?.at ?? '';
      const stays = inGate(where) || outcome({ ...after.from.picks, ...after.picks }) === 'clear';
      // A recap being changed waits at an earlier menu with the rest still known.
      if (after.done !== null || (!stays && agreedTo(flow, after).length === 0))
        return { at, message: `a gate pick is left at ${where || 'the end'}` };
    }
    for (const effect of effects) {
      if (effect.do === 'count' && flow.private.includes(effect.step.split('/')[0] ?? ''))
        return { at: effect.step, message: 'a step of a private file is counted' };
      if (effect.do === 'open-case' && effect.kind !== 'return' && Object.keys(effect.values).some(inGate))
        return { at, message: `a case of kind ${effect.kind} with gate picks` };
    }
    return null;
  },
};
