// A flow file as a Mermaid diagram: boxes wait for the person, rounded ones only say something, dotted
// arrows are restarts, which drop what was picked.
import type { Condition, Flow, Step } from '../flow/definition.ts';
import { waits } from '../flow/walk.ts';

/** Mermaid takes few signs in names, and "end" is one of its own words. */
const id = (ref: string): string => `s_${ref.replaceAll(/[^a-z0-9]/g, '_')}`;
const quoted = (text: string): string => `"${text.replaceAll('"', '&quot;')}"`;

export function mermaid(flow: Flow, file: string): string {
  const own = Object.values(flow.steps).filter((step) => step.file === file);
  const lines = ['flowchart TD'];
  const outside = new Set<string>();
  for (const step of own) lines.push(`  ${node(flow, step)}`);
  for (const step of own)
    for (const { to, label, dotted } of arrowsOf(step)) {
      if (!own.some((one) => one.ref === to)) outside.add(to);
      const line = dotted ? '-.->' : '-->';
      lines.push(`  ${id(step.ref)} ${line}${label === '' ? '' : `|${quoted(label)}|`} ${id(to)}`);
    }
  for (const ref of [...outside].sort())
    lines.push(`  ${id(ref)}([${quoted(ref === 'resume' ? 'back to the open question, or the topics' : ref)}])`);
  return lines.join('\n');
}

function node(flow: Flow, step: Step): string {
  const name = step.ref.slice(step.file.length + 1);
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  const parts = [
    `<b>${name}</b>`,
    ...(step.say.length > 0 ? [`says ${step.say.join(', ')}`] : []),
    ...(step.handoff === undefined ? [] : [`opens a ${step.handoff.kind} request`]),
    ...(step.forget ? ['erases the person'] : []),
    ...(step.withdraw ? ['takes the request back'] : []),
    ...(step.ask === undefined ? [] : [`${field?.data === 'consent' ? 'consent' : 'asks'} ${step.ask}`]),
    ...(step.pick === undefined ? [] : [`list ${step.pick}`]),
    ...(step.review ? ['recap'] : []),
    ...(step.write ? ['a message to the caseworker'] : []),
    ...(step.language ? ['language'] : []),
    ...(step.end === undefined ? [] : [`end: ${step.end}`]),
  ];
  const text = quoted(parts.join('<br/>'));
  if (field?.data === 'consent') return `${id(step.ref)}{{${text}}}`;
  if (waits(step)) return `${id(step.ref)}[${text}]`;
  return step.end === undefined ? `${id(step.ref)}(${text})` : `${id(step.ref)}([${text}])`;
}

type Drawn = { to: string; label: string; dotted: boolean };

function arrowsOf(step: Step): Drawn[] {
  const ways: Drawn[] = Object.entries(step.menu ?? {}).map(([label, to]) => ({ to, label, dotted: false }));
  const next = step.next ?? [];
  for (const { when, to } of next)
    ways.push({ to, label: when !== undefined ? inWords(when) : next.length > 1 ? 'else' : '', dotted: false });
  if (step.send !== undefined) ways.push({ to: step.send, label: 'send', dotted: false });
  if (step.cancel !== undefined) ways.push({ to: step.cancel, label: 'cancel', dotted: false });
  if (step.restart !== undefined) ways.push({ to: step.restart, label: 'restart', dotted: true });
  const joined = new Map<string, Drawn>();
  for (const way of ways) {
    const before = joined.get(way.to);
    joined.set(way.to, before === undefined ? way : { ...before, label: `${before.label}, ${way.label}` });
  }
  return [...joined.values()];
}

/** A condition as people say it. */
function inWords(condition: Condition): string {
  if ('all' in condition) return (condition as { all: Condition[] }).all.map(inWords).join(' and ');
  if ('any' in condition) return (condition as { any: Condition[] }).any.map(inWords).join(' or ');
  if ('not' in condition) return `not ${inWords(condition.not as Condition)}`;
  if ('rule' in condition) return String(condition.rule);
  return Object.entries(condition)
    .map(([about, expected]) => {
      if (Array.isArray(expected)) return `${about}: ${expected.join(' or ')}`;
      return typeof expected === 'object' ? `${about} ${expected.answered ? 'answered' : 'not answered'}` : `${about}: ${expected}`;
    })
    .join(' and ');
}
