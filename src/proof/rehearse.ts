// The rehearsal of an upgrade: everybody who could be waiting somewhere in the released flows is put before
// the new ones. Each must land on a question or an end, and keep whatever is valid in both.
import type { Condition, Flow, Step } from '../flow/definition.ts';
import { position } from '../flow/position.ts';
import { rules } from '../flow/rules.ts';
import type { Facts, Input, Session, Value } from '../flow/session.ts';
import { step } from '../flow/step.ts';
import { rulesIn, valuesAt } from './classes.ts';
import type { Finding } from './finding.ts';
import { choicesOf, codeOf, waysOf } from './ways.ts';

/** People who stood at one question and now stand at another, or at the same and are asked it again. */
export type Asked = { from: string; to: string; people: number };
export type Rehearsal = { findings: Finding[]; states: number; asked: Asked[] };

/** In `moved`: a name that has no successor. */
const gone = 'gone';

const countriesOf = (flow: Flow) => flow.lists['countries'] ?? [];

/** Worlds that lead everywhere: programmes that take everybody and none, staff and none, with and without a request. */
function worldsFor(flow: Flow): Facts[] {
  const yesNo = [true, false];
  return yesNo.flatMap((open) =>
    yesNo.flatMap((staff) =>
      yesNo.map((requestOpen): Facts => {
        const pack = { open, noReturn: open ? [] : countriesOf(flow), repeatWindow: open, partnerVisits: open };
        const programmes = Object.fromEntries(countriesOf(flow).map((country) => [country, pack]));
        return { requestOpen, programmes, childStaff: staff, protectionStaff: staff, draftLanguage: false };
      }),
    ),
  );
}

/** `where`: places in today's flow files. */
export function rehearse(released: Flow, today: Flow, where: (ref: string) => string): Rehearsal {
  const named = names(released, today, where);
  const lost = missingRules(released);
  if (lost.length > 0)
    return {
      findings: lost.map((rule) =>
        find(
          where('version'),
          `the rule ${rule} is gone, but the release of version ${released.version} asks for it: keep it for one more release`,
        ),
      ),
      states: 0,
      asked: [],
    };
  // Whether consent texts changed is told by their hashes when people come back; here both have the same.
  const before = sameTexts(released, [released]);
  const after = sameTexts(today, [released, today]);
  const name = (key: string) => today.moved[key] ?? key;
  const found = new Map<string, Finding>(named.map((one) => [one.message, one]));
  const asked = new Map<string, Asked>();
  let states = 0;
  everybody(before, (session, facts) => {
    states += 1;
    const old = position(before, session, facts);
    const at = old.step === null ? 'the end' : name(old.step.ref);
    const say = (message: string) => {
      if (!found.has(message)) found.set(message, find(where(after.steps[at] === undefined ? 'steps' : at), message, wayOf(session)));
    };
    try {
      const next = step(after, session, { kind: 'again' }, facts);
      const here = position(after, next.session, facts);
      if (here.step === null && next.session.done === null) return say(`people waiting at ${at} would stand nowhere`);
      for (const message of losses(before, after, session, next.session, name)) say(`people waiting at ${at} ${message}`);
      const to = here.step?.ref ?? 'the end';
      if (to === at || old.step === null) return;
      const key = `${at} ${to}`;
      asked.set(key, { from: at, to, people: (asked.get(key)?.people ?? 0) + 1 });
    } catch (error) {
      say(`people waiting at ${at} would meet a fault: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  });
  return { findings: [...found.values()], states, asked: [...asked.values()].sort((a, b) => b.people - a.people) };
}

const find = (where: string, message: string, path?: string[]): Finding => ({
  rule: 'P23',
  where,
  message,
  ...(path === undefined ? {} : { path }),
});
const wayOf = ({ from, picks, answers, detour }: Session): string[] => [
  `from ${from.step}`,
  ...Object.entries({ ...from.picks, ...picks }).map(([ref, value]) => `${ref}: ${value}`),
  ...Object.entries(answers).map(([field, { value }]) => `${field}: ${codeOf(value)}`),
  ...(detour === null ? [] : [`aside ${detour.at}`]),
];

/** Every released name must exist or have a line under `moved`; and consents that changed need a new version. */
function names(released: Flow, today: Flow, where: (ref: string) => string): Finding[] {
  const findings: Finding[] = [];
  const there = (key: string) => today.fields[key] !== undefined || today.steps[key] !== undefined;
  for (const [from, to] of Object.entries(today.moved)) {
    if (to !== gone && !there(to)) findings.push(find(where('moved'), `moved: ${from} leads to ${to}, which does not exist`));
    if (there(from)) findings.push(find(where('moved'), `moved: ${from} still exists`));
  }
  for (const [what, keys] of [
    ['field', Object.keys(released.fields)],
    ['step', Object.keys(released.steps)],
  ] as const)
    for (const key of keys)
      if (!there(key) && today.moved[key] === undefined)
        findings.push(
          find(where('moved'), `the ${what} ${key} of version ${released.version} is gone: name what follows it under moved, or "${gone}"`),
        );
  for (const [key, field] of Object.entries(released.fields)) {
    const now = today.fields[today.moved[key] ?? key];
    if (field.data !== 'consent' || now === undefined || released.version !== today.version) continue;
    const covers = field.type === 'choice' && { covers: field.covers?.map((item) => today.moved[item] ?? item) };
    if (JSON.stringify({ ...field, ...covers }) !== JSON.stringify(now))
      findings.push(find(where(today.moved[key] ?? key), `the consent ${key} covers something else than released: raise version`));
  }
  return findings;
}

function missingRules(flow: Flow): string[] {
  const conditions = Object.values(flow.steps).flatMap((one) =>
    (one.next ?? []).flatMap((branch): Condition[] => (branch.when === undefined ? [] : [branch.when])),
  );
  return [...new Set(conditions.flatMap((one) => rulesIn(one) as string[]))].filter((rule) => !(rule in rules));
}

function sameTexts(flow: Flow, both: Flow[]): Flow {
  const languages = [...new Set(both.flatMap((one) => one.languages))];
  const consents = Object.keys(flow.fields).filter((name) => flow.fields[name]?.data === 'consent');
  return {
    ...flow,
    consentText: Object.fromEntries(consents.map((name) => [name, Object.fromEntries(languages.map((lang) => [lang, 'same']))])),
  };
}

/** Calls for every session somebody can have, with every option taken last, and aside at every interrupt. */
function everybody(flow: Flow, visit: (session: Session, facts: Facts) => void): void {
  const { places } = waysOf(flow, choicesOf(flow), worldsFor(flow));
  const aside = new Set<string>();
  for (const { session, facts, at } of places) {
    visit(session, facts);
    if (at === null) continue;
    for (const value of valuesAt(flow, at)) visit(step(flow, session, answerAt(at, value), facts).session, facts);
    const corner = `${at.ref} ${session.from.step} ${facts.requestOpen} ${facts.protectionStaff}`;
    if (aside.has(corner)) continue;
    aside.add(corner);
    asides(flow, session, facts, visit);
  }
}

const answerAt = (at: Step, value: Value): Input => (at.write ? { kind: 'written' } : { kind: 'answer', value });

/** Every place of every detour from here. */
function asides(flow: Flow, start: Session, facts: Facts, visit: (session: Session, facts: Facts) => void): void {
  const urgent = Object.keys(flow.interrupts.urgent.byWord).map((group): Input => ({ kind: 'interrupt', name: 'urgent', group }));
  const begins: Input[] = [
    ...(Object.keys(flow.interrupts) as (keyof Flow['interrupts'])[]).map((name): Input => ({ kind: 'interrupt', name })),
    ...urgent,
    ...flow.links.map((at): Input => ({ kind: 'start', at })),
    ...(facts.requestOpen ? [{ kind: 'message' } as const] : []),
  ];
  const open = begins.map((input) => step(flow, start, input, facts).session);
  const seen = new Set<string>();
  for (let session = open.pop(); session !== undefined; session = open.pop()) {
    const key = JSON.stringify([session.detour, session.done, session.from, session.picks]);
    if (session.detour === null || seen.has(key)) continue;
    seen.add(key);
    visit(session, facts);
    const { step: at } = position(flow, session, facts);
    if (at === null) continue;
    for (const value of valuesAt(flow, at)) open.push(step(flow, session, answerAt(at, value), facts).session);
  }
}

/** Answers and picks that both versions know and that are not there any more. */
function losses(before: Flow, after: Flow, old: Session, now: Session, name: (key: string) => string): string[] {
  const kept = { ...now.from.picks, ...now.picks, ...now.detour?.picks };
  const picks = Object.entries({ ...old.from.picks, ...old.picks, ...old.detour?.picks }).filter(([ref, value]) => {
    const at = after.steps[name(ref)];
    return before.steps[ref] !== undefined && at !== undefined && valuesAt(after, at).includes(value) && kept[name(ref)] !== value;
  });
  const answers = Object.entries(old.answers).filter(([field, { value }]) => {
    const [was, is] = [before.fields[field], after.fields[name(field)]];
    if (was === undefined || is === undefined || was.type !== is.type || !fits(after, is, value)) return false;
    return JSON.stringify(now.answers[name(field)]?.value) !== JSON.stringify(value);
  });
  return [...picks, ...answers].map(([key]) => `lose what they chose at ${name(key)}`);
}

function fits(flow: Flow, field: Flow['fields'][string], value: Value): boolean {
  if (value === null || field.type === 'phone') return true;
  const all = field.type === 'list' ? (flow.lists[field.of] ?? []) : field.values;
  return (Array.isArray(value) ? value : [value]).every((one) => all.includes(one));
}
