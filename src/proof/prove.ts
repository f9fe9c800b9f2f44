// The proof: every rule over the files, then every rule over every move from every state. A finding names
// the rule, the place in the file and the shortest way there.
import { explore, type Limits } from './explore.ts';
import type { Finding } from './finding.ts';
import { handoffAfter } from './graph.ts';
import { type Broken, type FileRule, type Given, type Model, type MoveRule, modelOf, type Node } from './model.ts';
import * as aside from './rules-aside.ts';
import * as consent from './rules-consent.ts';
import * as data from './rules-data.ts';
import * as gate from './rules-gate.ts';
import * as routes from './rules-routes.ts';
import { type Decided, inWords } from './worlds.ts';

const fileRules: FileRule[] = [
  routes.circlesWait,
  routes.noOrphan,
  routes.noShadow,
  routes.detoursComeBack,
  consent.linksAreNeutral,
  data.gateCanBeSkipped,
  data.skipCostsNothing,
  data.fieldsAreUsed,
  data.withinBudget,
  gate.tableHolds,
  gate.gateDrops,
  data.sameLook,
  data.writeOnlyToTheRequest,
  data.wordsLeadToPages,
];

export const moveRules: MoveRule[] = [
  routes.noDeadEnd,
  routes.walksEnd,
  routes.replay,
  routes.countersStop,
  routes.interruptsWork,
  routes.personIsNear,
  consent.consentFirst,
  consent.casesNeedConsent,
  consent.tellingNeedsConsent,
  consent.onlyYesCounts,
  consent.refusingIsFree,
  consent.promisesHold,
  data.skipIsTaken,
  aside.deleteErases,
  aside.oldButtonsDoNothing,
  gate.onlyClearReturns,
  gate.closedIsClosed,
  gate.nothingOfTheGateStays,
  aside.urgentWaits,
  aside.personWithoutPrice,
  aside.safePhoneFirst,
  aside.draftsOnlyInform,
  data.wordsAreNotKept,
];

/** What the proof of routes and rights covers, for whoever wants to list it. */
export const provedRules: string[] = [...new Set([...fileRules, ...moveRules].map((rule) => rule.id).concat('P4', 'P5', 'P7'))].sort(
  (a, b) => Number(a.slice(1)) - Number(b.slice(1)),
);

export type Proof = { findings: Finding[]; states: number; transitions: number; ms: number };

export const usualLimits = { states: 200_000, ms: 10_000 };
const mostSteps = 2_000;

/** `until`: stop at the first finding of this rule. */
export function prove(given: Given, limits: Limits, until?: string): Proof {
  const begun = limits.now();
  const { flow } = given;
  const findings = new Map<string, Finding>();
  const add = (rule: string, { at, message }: Broken, path?: string[]) => {
    const key = `${rule} ${at}`;
    if (!findings.has(key)) findings.set(key, { rule, where: given.where(at), message, ...(path === undefined ? {} : { path }) });
  };
  const done = () => until !== undefined && [...findings.values()].some((one) => one.rule === until);
  const result = (states: number, transitions: number): Proof => ({
    findings: [...findings.values()],
    states,
    transitions,
    ms: limits.now() - begun,
  });

  const size = Object.keys(flow.steps).length;
  if (size > mostSteps) {
    add('P7', { at: 'entry', message: `${size} steps; more than ${mostSteps} are not proved` });
    return result(0, 0);
  }
  const model = modelOf(given);
  // Nothing that walks for ever is walked, so circles are looked for whatever is wanted.
  const wanted = fileRules.filter((rule) => until === undefined || rule.id === until || rule === routes.circlesWait);
  for (const rule of wanted) for (const broken of rule.broken(model)) add(rule.id, broken);
  if (done() || [...findings.values()].some((one) => one.rule === 'P3')) return result(0, 0);

  const explored = explore(
    model,
    { ...limits, ms: limits.ms - (limits.now() - begun) },
    {
      done,
      move(move, decided) {
        for (const rule of moveRules) {
          const broken = rule.broken(model, move);
          if (broken !== null) add(rule.id, broken, pathTo(move.node, move.code, decided));
        }
      },
      fault(node, asked, code, error, decided) {
        const message = error instanceof Error ? error.message : 'unknown';
        const rule = message.includes('without consent') ? 'P11' : /without an end|never waits/.test(message) ? 'P3' : 'P2';
        const at = rule === 'P11' ? handoffAfter(flow, asked) : asked || faultAt(model, node);
        add(rule, { at, message: `the conversation breaks: ${message}` }, pathTo(node, code, decided));
      },
    },
  );
  if (explored.stopped !== null)
    add('P7', {
      at: 'entry',
      message: explored.stopped === 'states' ? `more than ${limits.states} states` : `not proved within ${limits.ms / 1000} s`,
    });
  else if (!done()) for (const [rule, broken] of unused(model)) add(rule, broken);
  return result(explored.states, explored.transitions);
}

/** P4 and P5: every step was reached and every branch taken by somebody. */
function* unused({ flow, reached, taken }: Model): Generator<[string, Broken]> {
  for (const [ref, step] of Object.entries(flow.steps)) {
    if (!reached.has(ref)) yield ['P4', { at: ref, message: 'nobody ever reaches this step' }];
    else if ((step.next?.length ?? 0) > 1)
      for (const i of (step.next ?? []).keys())
        if (!taken.has(`${ref} ${i}`)) yield ['P5', { at: ref, message: `branch ${i + 1} is never taken` }];
  }
}

function pathTo(node: Node, code: string, decided: Decided): string[] {
  const path = code === '' ? [] : [code];
  for (let at: Node | null = node; at !== null; at = at.from) if (at.code !== '') path.push(at.code);
  path.reverse();
  return decided.size === 0 ? path : [...path, `(where ${inWords(decided)})`];
}

const faultAt = ({ flow }: Model, { session }: Node): string =>
  session.detour?.at ?? (flow.steps[session.from.step] === undefined ? 'entry' : session.from.step);
