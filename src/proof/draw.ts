// The pages for people who decide about flows: a picture of each file, what is asked and why, the table
// of the gate, the budget of questions. Made from the flows alone, so they cannot say anything else.

import type { Field, Flow, Step } from '../flow/definition.ts';
import { only } from '../flow/only.ts';
import { type GateOutcome, outcome, rules } from '../flow/rules.ts';
import type { Known } from '../flow/session.ts';
import { waits } from '../flow/walk.ts';
import { type Budget, budgetOf } from './budget.ts';
import { mermaid } from './mermaid.ts';
import { readersOf, type Ways } from './ways.ts';

const notice = '<!-- Made by `npm run draw` from the flow files. Change those, not this page. -->';

/** Pages by name, to be written into docs/flows. */
export function drawings(flow: Flow, ways: Ways): Record<string, string> {
  const files = [...new Set(Object.values(flow.steps).map((step) => step.file))];
  const pages: Record<string, string> = {};
  for (const file of files) pages[`${file}.md`] = page(flow, file);
  pages['budget.md'] = budgetPage(flow, budgetOf(flow, ways));
  return pages;
}

function page(flow: Flow, file: string): string {
  const steps = Object.values(flow.steps).filter((step) => step.file === file);
  const isGate = rules.clear.reads.every((ref) => flow.steps[ref]?.file === file);
  const facts = [
    ...(flow.private.includes(file) ? ['Private: never counted, never linked.'] : []),
    ...(flow.entry.startsWith(`${file}/`) ? [`Everybody begins at \`${flow.entry}\`.`] : []),
    ...flow.links.filter((ref) => ref.startsWith(`${file}/`)).map((ref) => `A link may open \`${ref}\`.`),
    ...Object.entries(flow.interrupts)
      .filter(([, { go }]) => go.startsWith(`${file}/`))
      .map(([name, { go }]) => `The word for *${name}* leads to \`${go}\`.`),
  ];
  const parts = [
    notice,
    `# ${file}`,
    ...(facts.length > 0 ? [facts.join(' ')] : []),
    `\`\`\`mermaid\n${mermaid(flow, file)}\n\`\`\``,
    ...fields(flow, steps),
    ...picks(flow, steps),
    ...(isGate ? [gateTable(flow)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: string[], rows: string[][]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

function fields(flow: Flow, steps: Step[]): string[] {
  const rows = steps.flatMap((step) => {
    const field = step.ask === undefined ? undefined : flow.fields[step.ask];
    if (step.ask === undefined || field === undefined) return [];
    return [[`\`${step.ask}\``, `\`${step.ref}\``, valuesOf(field), field.data, field.keep ?? '–', useOf(flow, step.ask, field)]];
  });
  return rows.length === 0 ? [] : [`## Fields\n\n${table(['field', 'asked at', 'answers', 'data', 'keep', 'use'], rows)}`];
}

function valuesOf(field: Field): string {
  if (field.type === 'list') return `an entry of ${field.of}`;
  return field.type === 'phone' ? 'a telephone number' : field.values.join(', ');
}

function useOf(flow: Flow, name: string, field: Field): string {
  if (field.type === 'choice' && field.data === 'consent')
    return `opens a ${field.kind ?? ''} request; covers ${(field.covers ?? []).join(', ')}`;
  return uses(flow, name).join('; ') || 'nothing';
}

function uses(flow: Flow, item: string): string[] {
  const covering = Object.entries(flow.fields).flatMap(([name, field]) =>
    field.type === 'choice' && (field.covers ?? []).some((one) => one === item || (one.endsWith('/*') && item.startsWith(one.slice(0, -1))))
      ? [name]
      : [],
  );
  const readers = readersOf(flow, item);
  return [
    ...(readers.length > 0 ? [`decides at ${readers.map((ref) => `\`${ref}\``).join(', ')}`] : []),
    ...(covering.length > 0 ? [`sent with ${covering.map((name) => `\`${name}\``).join(', ')}`] : []),
    ...(flow.carry.includes(item) ? ['kept by a restart'] : []),
    ...(flow.safe.includes(item) ? ['a yes must come before every consent'] : []),
  ];
}

function picks(flow: Flow, steps: Step[]): string[] {
  const rows = steps
    .filter((step) => waits(step) && step.ask === undefined)
    .map((step) => {
      const options =
        step.menu !== undefined
          ? Object.keys(step.menu).join(', ')
          : step.pick !== undefined
            ? `an entry of ${step.pick}`
            : step.review
              ? 'send, cancel'
              : step.language
                ? flow.languages.join(', ')
                : 'words';
      return [`\`${step.ref}\``, options, uses(flow, step.ref).join('; ') || 'the way on alone'];
    });
  return rows.length === 0 ? [] : [`## Picks\n\nKept until the next restart, a day at most.\n\n${table(['step', 'options', 'use'], rows)}`];
}

/** The gate with one answer changed, and with two: which outcome wins. Computed by the rule itself. */
function gateTable(flow: Flow): string {
  const base = clearPicks(flow);
  const changes = rules.clear.reads.flatMap((ref) => Object.keys(flow.steps[ref]?.menu ?? {}).map((value) => ({ ref, value })));
  const one = changes.map(({ ref, value }) => ({ ref, value, result: outcome({ ...base, [ref]: value }) }));
  const rows = rules.clear.reads.map((ref) => {
    const results = new Map<GateOutcome, string[]>();
    for (const change of one) if (change.ref === ref) results.set(change.result, [...(results.get(change.result) ?? []), change.value]);
    return [`\`${ref}\``, ...order.map((result) => (results.get(result) ?? []).join(', ') || '–')];
  });
  const meeting = order
    .filter((first) => one.some((change) => change.result === first))
    .map((first) => [
      `**${first}**`,
      ...order.map((second) => {
        const met = new Set<string>();
        for (const a of one)
          for (const b of one)
            if (a.ref !== b.ref && a.result === first && b.result === second)
              met.add(outcome({ ...base, [a.ref]: a.value, [b.ref]: b.value }));
        return [...met].sort().join(', ') || '–';
      }),
    ]);
  return [
    '## Where the answers lead',
    'All answers but one are those that lead to `clear`. In each column stand the answers to that question that lead elsewhere. The proof compares every combination with the way through the file.',
    table(['question', ...order], rows),
    'When two answers lead to different outcomes, this is where they lead together:',
    table(['', ...order], meeting),
  ].join('\n\n');
}

const order: GateOutcome[] = ['child', 'adult-starts', 'detained', 'protect', 'talk', 'clear'];

/** One set of answers that leads to `clear`. Questions asked of some alone stay unasked. */
function clearPicks(flow: Flow): Known {
  const asked = rules.clear.reads;
  const search = (i: number, known: Known): Known | null => {
    const ref = asked[i];
    if (ref === undefined) return outcome(known) === 'clear' ? known : null;
    for (const value of [...Object.keys(flow.steps[ref]?.menu ?? {}), null]) {
      const found = search(i + 1, value === null ? known : { ...known, [ref]: value });
      if (found !== null && (value === null || outcome({ ...found, [ref]: value }) === 'clear')) return found;
    }
    return null;
  };
  // The last question of each kind is tried first to be left out.
  const all = search(0, {}) ?? {};
  return only(all, (ref) => outcome(without(all, ref)) !== 'clear');
}

const without = (known: Known, ref: string): Known => only(known, (name) => name !== ref);

function budgetPage(flow: Flow, budget: Budget[]): string {
  const rows = budget.map((one) => [
    `\`${one.consent}\``,
    one.kind,
    `${one.fewest.picks} + ${one.fewest.answers}`,
    `${one.most.picks} + ${one.most.answers}`,
    one.personal.length === 0 ? 'none' : `${one.personal.length}: ${one.personal.join(', ')}`,
    '1',
    `1, then \`${one.afterNo}\``,
  ]);
  const parts = [
    notice,
    '# The budget of questions',
    `What a request costs the person, from the first message to Send: picks + answers. The flows allow ${flow.budget.picks} + ${flow.budget.answers} at most. Every question but a consent can be skipped. Whoever goes back, reads pages twice or asks for help taps more.`,
    table(['consent', 'opens', 'fewest', 'most', 'personal fields asked', 'taps for a yes', 'taps for a no'], rows),
  ];
  return `${parts.join('\n\n')}\n`;
}
