// Makes one graph of all flow files. A name that refers to nothing, a step with two ways on or none,
// a branch that can never be reached: each is a finding at its place.
import { createHash } from 'node:crypto';
import { reads } from '../flow/condition.ts';
import type { Condition, Flow, Step } from '../flow/definition.ts';
import type { Files, Where } from './read.ts';

type FileStep = NonNullable<Files['flows'] extends Map<string, { value: { steps: Record<string, infer S> } }> ? S : never>;
/** `rule`: the proof rule it breaks, where that is another than P1 (docs/flows.md). */
type Find = (where: Where, path: PropertyKey[], message: string, rule?: string) => void;

export function link(files: Files): Flow | { findings: string[] } {
  const findings: string[] = [];
  const find: Find = (where, path, message, rule) =>
    findings.push(`${where(path)}: ${rule === undefined ? '' : `${rule} `}${path.map(String).join('.')}: ${message}`);
  const common = files.common.value;
  const known = new Set([...files.flows].flatMap(([file, { value }]) => Object.keys(value.steps).map((step) => `${file}/${step}`)));
  const world: World = { known, files, find };

  const steps: Record<string, Step> = {};
  for (const [file, { value, where }] of files.flows)
    for (const [name, raw] of Object.entries(value.steps)) steps[`${file}/${name}`] = linkStep(world, file, name, raw, where);

  const { where } = files.common;
  const refs: [PropertyKey[], string][] = [
    [['entry'], common.entry],
    [['home'], common.home],
    [['reply'], common.reply],
    [['tries', 'then'], common.tries.then],
    ...common.links.map((ref, i): [PropertyKey[], string] => [['links', i], ref]),
    ...common.safe.map((ref, i): [PropertyKey[], string] => [['safe', i], ref]),
    ...common.carry.map((ref, i): [PropertyKey[], string] => [['carry', i], ref]),
  ];
  for (const [path, ref] of refs) if (!known.has(ref)) find(where, path, `no step ${ref}`);
  if (common.share !== undefined && !known.has(common.share)) find(where, ['share'], `no step ${common.share}`);
  if (known.has(common.reply) && !steps[common.reply]?.write) find(where, ['reply'], 'must be a step with write');

  const interrupts = {} as Flow['interrupts'];
  for (const [name, interrupt] of Object.entries(common.interrupts)) {
    if (!('go' in interrupt)) continue;
    const byWord = interrupt['by-word'] ?? {};
    for (const ref of [interrupt.go, ...Object.values(byWord)]) if (!known.has(ref)) find(where, ['interrupts', name], `no step ${ref}`);
    interrupts[name as keyof Flow['interrupts']] = { go: interrupt.go, byWord };
  }
  checkFields(world);
  common.promises.forEach((promise, i) => {
    checkCondition(world, promise.when, where, ['promises', i, 'when'], '');
  });

  const exits: Record<string, string> = {};
  for (const [file, read] of files.flows)
    for (const [exit, ref] of Object.entries(read.value.exits ?? {})) {
      exits[exit] = whole(ref, file);
      if (!known.has(exits[exit])) find(read.where, ['exits', exit], `no step ${ref}`);
    }
  const { version, entry, home, reply, links, languages, tries, budget, safe, carry, fields, promises } = common;
  const moved = common.moved ?? {};
  const share = common.share === undefined ? {} : { share: common.share };
  const structure = { version, entry, home, reply, ...share, links, tries, safe, carry, moved, fields, interrupts, promises, exits, steps };
  const hash = createHash('sha256').update(JSON.stringify(structure)).digest('hex').slice(0, 12);
  if (findings.length > 0) return { findings };
  return {
    ...structure,
    hash,
    languages,
    budget,
    lists: files.lists.value,
    private: [...files.flows].filter(([, { value }]) => value.private).map(([file]) => file),
    consentText: {},
  };
}

type World = { known: Set<string>; files: Files; find: Find };

const whole = (ref: string, file: string) => (ref === 'resume' || ref.includes('/') ? ref : `${file}/${ref}`);

function linkStep(world: World, file: string, name: string, raw: FileStep, where: Where): Step {
  const { find, known, files } = world;
  const at = ['steps', name];
  const to = (ref: string, path: PropertyKey[]): string => {
    const target = whole(ref, file);
    if (target !== 'resume' && !known.has(target)) find(where, [...at, ...path], `no step ${target}`);
    return target;
  };
  const ways = [raw.menu, raw.next, raw.restart, raw.end].filter((way) => way !== undefined).length;
  if (ways !== 1) find(where, at, 'needs exactly one of menu, next, restart, end', 'P2');
  const waiting = [raw.menu, raw.ask, raw.pick, raw.review, raw.write, raw.language].filter((part) => part !== undefined).length;
  if (waiting > 1) find(where, at, 'can wait for one thing only: menu, ask, pick, review, write or language');
  if (waiting === 1 && raw.menu === undefined && raw.next === undefined) find(where, at, 'a question needs next');

  const fields = files.common.value.fields;
  const step: Step = { ref: `${file}/${name}`, file, say: raw.say ?? [] };
  if (raw.ask !== undefined) {
    if (fields[raw.ask] === undefined) find(where, [...at, 'ask'], `no field ${raw.ask}`);
    step.ask = raw.ask;
  }
  if (raw.pick !== undefined) {
    if (files.lists.value[raw.pick] === undefined) find(where, [...at, 'pick'], `no list ${raw.pick}`);
    step.pick = raw.pick;
  }
  if (raw.menu !== undefined) {
    if (Object.keys(raw.menu).length > 8) find(where, [...at, 'menu'], 'more than eight options', 'P19');
    step.menu = Object.fromEntries(Object.entries(raw.menu).map(([option, ref]) => [option, to(ref, ['menu', option])]));
  }
  if (raw.review !== undefined) step.review = true;
  if (raw.write) step.write = true;
  if (raw.language) step.language = true;
  if (raw.withdraw) step.withdraw = true;
  if (raw.forget !== undefined) step.forget = true;
  if (raw.restart !== undefined) step.restart = to(raw.restart, ['restart']);
  if (raw.end !== undefined) step.end = raw.end;
  if (raw.handoff !== undefined) {
    const { kind, consent, send, reason } = raw.handoff;
    const field = fields[consent];
    if (field?.type !== 'choice' || field.data !== 'consent') find(where, [...at, 'handoff', 'consent'], `no consent ${consent}`);
    else if (field.kind !== kind) find(where, [...at, 'handoff', 'kind'], `${consent} is a consent to ${field.kind ?? 'no case'}`, 'P11');
    step.handoff = { kind, consent, send: send !== undefined, ...(reason === undefined ? {} : { reason }) };
  }
  if (raw.tell !== undefined) {
    const { consent } = raw.tell;
    const field = fields[consent];
    if (field?.type !== 'choice' || field.data !== 'consent') find(where, [...at, 'tell', 'consent'], `no consent ${consent}`);
    else if (field.kind !== undefined) find(where, [...at, 'tell', 'consent'], `${consent} opens a case: handoff, not tell`, 'P11');
    step.tell = raw.tell;
  }
  const { next } = raw;
  if (typeof next === 'string') step.next = [{ to: to(next, ['next']) }];
  else if (Array.isArray(next)) {
    step.next = next.map((branch, i) => {
      const last = i === next.length - 1;
      if (last !== (branch.when === undefined))
        find(where, [...at, 'next', i], last ? 'the last branch must have no when' : 'only the last branch may have no when', 'P5');
      if (branch.when !== undefined) checkCondition(world, branch.when, where, [...at, 'next', i, 'when'], file);
      return { ...(branch.when === undefined ? {} : { when: branch.when }), to: to(branch.to, ['next', i, 'to']) };
    });
  } else if (next !== undefined) {
    if (!step.review) find(where, [...at, 'next'], 'send and cancel belong to review');
    step.send = to(next.send, ['next', 'send']);
    step.cancel = to(next.cancel, ['next', 'cancel']);
  }
  if (step.review && step.send === undefined) find(where, [...at, 'next'], 'review needs send and cancel');
  return step;
}

/** Names and values of a condition must exist: a typo would silently be false for ever. */
function checkCondition(world: World, condition: Condition, where: Where, path: PropertyKey[], file: string): void {
  for (const about of reads(condition)) if (domain(world, about) === null) world.find(where, path, `no field or menu ${about}`);
  if ('all' in condition || 'any' in condition) {
    const parts = (condition as { all?: Condition[]; any?: Condition[] }).all ?? (condition as { any: Condition[] }).any;
    for (const part of parts) checkCondition(world, part, where, path, file);
  } else if ('not' in condition) checkCondition(world, condition.not as Condition, where, path, file);
  else if (!('rule' in condition))
    for (const [about, expected] of Object.entries(condition)) {
      const values = domain(world, about);
      if (values === null || (typeof expected === 'object' && !Array.isArray(expected))) continue;
      for (const value of Array.isArray(expected) ? expected : [String(expected)])
        if (!values.includes(value)) world.find(where, path, `${about} has no value ${value}`);
    }
}

/** Every value a field or pick can have, or null when there is no such thing. */
function domain({ files }: World, about: string): string[] | null {
  if (!about.includes('/')) {
    const field = files.common.value.fields[about];
    if (field === undefined) return null;
    return field.type === 'list' ? (files.lists.value[field.of] ?? []) : field.type === 'phone' ? ['given'] : field.values;
  }
  const [file = '', name = ''] = about.split('/');
  const step = files.flows.get(file)?.value.steps[name];
  if (step?.menu !== undefined) return Object.keys(step.menu);
  if (step?.pick !== undefined) return [...(files.lists.value[step.pick] ?? []), 'skip'];
  if (step?.language) return files.common.value.languages;
  return null;
}

function checkFields({ files, find }: World): void {
  const { value, where } = files.common;
  for (const [name, field] of Object.entries(value.fields)) {
    const at = ['fields', name];
    if ((field.data === 'personal' || field.data === 'sensitive') && field.keep === undefined)
      find(where, at, 'a personal field needs keep', 'P16');
    if (field.type === 'list' && files.lists.value[field.of] === undefined) find(where, at, `no list ${field.of}`);
    if (field.type === 'choices' && !field.values.includes(field.none)) find(where, at, `none: no value ${field.none}`);
    if (field.type !== 'choice') continue;
    if (field.data !== 'consent' && (field.kind !== undefined || field.covers !== undefined))
      find(where, at, 'kind and covers belong to a consent');
    if (field.data === 'consent' && field.values.join() !== 'yes,no') find(where, at, 'a consent has the values yes and no, in this order');
    for (const item of field.covers ?? []) {
      const exists = item.endsWith('/*')
        ? files.flows.has(item.slice(0, -2))
        : item.includes('/')
          ? files.flows.get(item.split('/')[0] ?? '')?.value.steps[item.split('/')[1] ?? '']
          : value.fields[item];
      if (!exists) find(where, [...at, 'covers'], `no field or step ${item}`);
    }
    if (field.data === 'consent') {
      const asked = [...files.flows.values()].flatMap((file) => Object.values(file.value.steps)).filter((step) => step.ask === name).length;
      if (asked !== 1) find(where, at, `a consent is asked at exactly one step, this one at ${asked}`, 'P11');
    }
  }
}
