// The shipped flows, broken in one place each: the proof must name the rule and the file. Each line is a
// mistake somebody could make on a tired evening, and what it would do to a person.
import { describe, expect, it } from 'vitest';
import { proveContent } from '../../src/start/proof.ts';
import { shippedCopy } from '../support/content.ts';
import { provedUntil } from '../support/mutant.ts';
import { shippedContent } from '../support/talk.ts';

type Edit = [file: string, from: string, to: string];
/** `at`: the file the finding points to, where it is not the one edited. */
type Mutation = { what: string; rule: string; edits: Edit[]; at?: string };
const one = (what: string, rule: string, file: string, from: string, to: string, at?: string): Mutation => ({
  what,
  rule,
  edits: [[file, from, to]],
  ...(at === undefined ? {} : { at }),
});

const names: Mutation[] = [
  one('a value that the field does not have', 'P1', 'return', '{agree-return: yes}', '{agree-return: yess}'),
  one('a question for a field that does not exist', 'P1', 'return', 'ask: to-country', 'ask: to-contry'),
  one('a condition on a menu that does not exist', 'P1', 'gate', '{welcome/country: us}', '{welcome/contry: us}'),
  one('an option that leads nowhere', 'P1', 'gate', 'me: age', 'me: aje'),
  one('a step in a file that does not exist', 'P1', 'gate', 'restart: detained/start', 'restart: detaned/start'),
  one('a rule that does not exist', 'P1', 'gate', '{rule: clear}', '{rule: cleer}'),
  one('an interrupt that is not wired', 'P1', 'common', '  stop:     {go: leave/stopped}\n', ''),
  one(
    'a case that takes along more than its consent covers',
    'P1',
    'return',
    'send: covered}, next: received',
    'send: all}, next: received',
  ),
  one('an unknown key', 'P1', 'leave', 'forget: all', 'forgets: all'),
  one('a step twice', 'P1', 'help', 'steps:', 'steps:\n  start: {say: [more], next: resume}'),
];

const routes: Mutation[] = [
  one('no way for those who said no', 'P5', 'return', '      - {to: refused}\n', ''),
  one('a branch after the last', 'P5', 'return', '      - {to: refused}\n', '      - {to: refused}\n      - {to: country}\n'),
  one(
    'a branch in the shadow of another',
    'P5',
    'human',
    '      - {when: {agree-return: yes}',
    '      - {when: {rule: request-open}, to: contacts}\n      - {when: {agree-return: yes}',
  ),
  one('a step without a way on', 'P2', 'learn', '[report, report-where], next: resume}', '[report, report-where]}'),
  one('a step with two ways on', 'P2', 'protect', 'say: [no-staff, contacts], restart', 'say: [no-staff, contacts], end: closed, restart'),
  {
    what: 'pages that lead round for ever',
    rule: 'P3',
    edits: [
      ['learn', '[report, report-where], next: resume}', '[report, report-where], next: us}'],
      ['learn', '[about-us], next: about}', '[about-us], next: report}'],
    ],
  },
  one('restarts that lead round for ever', 'P3', 'return', 'restart: talk/start}', 'restart: no-return}'),
  one('a step that nothing leads to', 'P4', 'learn', '  report: {', '  spare: {say: [real], next: resume}\n  report: {'),
  one(
    'a step that only an impossible answer leads to',
    'P4',
    'urgent',
    '{rule: request-open}',
    '{all: [{rule: request-open}, {not: {rule: request-open}}]}',
  ),
  one('HELP that does not come back', 'P8', 'help', 'next: resume', 'restart: welcome/topics', 'common'),
  one('a detour that leaves the open question', 'P8', 'human', 'go-on: resume', 'go-on: welcome/topics'),
  one('LANGUAGE that offers none', 'P8', 'common', '{go: welcome/pick-language}', '{go: help/start}'),
  one(
    'STOP that asks',
    'P8',
    'leave',
    'say: [stopped, unchanged], end: stopped',
    'say: [stopped, unchanged], menu: {stop: erase, keep: resume}',
    'common',
  ),
  one('asking for a person without contacts', 'P9', 'human', '    say: [contacts, hours]\n', '    say: [hours]\n', 'common'),
];

const rights: Mutation[] = [
  {
    what: 'a personal question before any consent',
    rule: 'P10',
    edits: [['welcome', 'next: country}', 'next: group}\n  group: {ask: travellers, next: country}']],
  },
  one('the consent turned round', 'P10', 'return', '{agree-return: yes}, to: country', '{agree-return: no}, to: country'),
  {
    what: 'the consent left out',
    rule: 'P10',
    edits: [
      ['gate', 'clear: return/agree', 'clear: return/country'],
      ['gate', 'to: return/agree', 'to: return/country'],
    ],
    at: 'return',
  },
  {
    what: 'the consent moved behind the first question',
    rule: 'P10',
    edits: [
      ['return', '      - {to: travellers}', '      - {to: agree}'],
      ['return', '{agree-return: yes}, to: country', '{agree-return: yes}, to: travellers'],
      ['gate', 'clear: return/agree', 'clear: return/country'],
      ['gate', 'to: return/agree', 'to: return/country'],
    ],
  },
  one(
    'a question of safety in words that nobody has checked',
    'P33',
    'welcome',
    '      - {when: {rule: draft-language}, to: draft}\n',
    '',
    'gate',
  ),
  one('a consent in words that nobody has checked', 'P33', 'talk', '      - {when: {rule: draft-language}, to: welcome/draft}\n', ''),
  one(
    'a consent of a child in words that nobody has checked',
    'P33',
    'protect',
    '      - {when: {rule: draft-language}, to: welcome/draft}\n      - {to: child-offer}',
    '      - {to: child-offer}',
  ),
  one('a link into the gate', 'P10', 'common', 'learn/avr]', 'learn/avr, gate/begin]'),
  one('a link to a consent', 'P10', 'common', 'learn/avr]', 'learn/avr, talk/start]'),
  one(
    'a consent asked twice',
    'P11',
    'return',
    'needs:       {ask: needs,',
    'again: {ask: agree-return, next: needs}\n  needs:       {ask: needs,',
    'common',
  ),
  one('a case of another kind than agreed to', 'P11', 'human', 'kind: return', 'kind: talk'),
  one('a case without the consent', 'P11', 'talk', '- {to: agree}', '- {to: sent}'),
  one('a refusal that is kept', 'P13', 'talk', 'restart: welcome/country', 'next: resume'),
  one('a refusal answered with another question', 'P13', 'protect', 'restart: welcome/country', 'restart: talk/start'),
  one(
    'a broken promise to those whose papers are lost',
    'P14',
    'common',
    'promises:\n',
    'promises:\n  - {when: {gate/papers: lost}, never: {kind: return}}\n',
  ),
  one('DELETE that erases nothing', 'P17', 'leave', 'forget: all, ', ''),
  one('DELETE that asks although nothing is open', 'P17', 'leave', '- {to: erase}', '- {to: confirm}'),
  one(
    'DELETE that takes an open request at one word',
    'P17',
    'leave',
    '{rule: request-open}, to: confirm}',
    '{rule: request-open}, to: erase}',
  ),
  one('urgent help that does not say what it is not', 'P27', 'urgent', '[danger, not-emergency, numbers]', '[danger, numbers]'),
  one('urgent help without the way back', 'P27', 'urgent', 'person: human/start, go-on: resume}', 'person: human/start, go-on: start}'),
  one('a question before the contacts', 'P28', 'human', '      - {to: contacts}', '      - {to: phone}', 'common'),
  one('a partly answered return that sends itself', 'P28', 'human', '{agree-return: yes}, to: part}', '{agree-return: yes}, to: send}'),
  one('questions on a phone that is not safe', 'P29', 'welcome', 'no: not-safe, not-sure', 'no: first, not-sure'),
  one('the safe phone question passed by', 'P29', 'welcome', '- {to: phone}', '- {to: first}', 'gate'),
];

const gate: Mutation[] = [
  one(
    'fear that leads on',
    'P25',
    'gate',
    'fear:         {menu: {no: pressure, yes: to-protect',
    'fear:         {menu: {no: pressure, yes: pressure',
  ),
  one('under 18 that leads on', 'P25', 'gate', 'under-18: child, dont-know', 'under-18: place, dont-know'),
  one('someone who is kept and goes on', 'P25', 'gate', 'kept: to-protect', 'kept: fear'),
  one('detained people who go on', 'P25', 'gate', 'detained: to-detained', 'detained: fear'),
  one('a child with a parent who goes on', 'P25', 'gate', 'parent: parent-starts', 'parent: place'),
  one(
    'a skipped question that leads to the return consent',
    'P25',
    'gate',
    'not-sure: legal, skip: outcome',
    'not-sure: legal, skip: return/agree',
  ),
  one('everybody clear', 'P25', 'gate', '- {to: person-first}', '- {to: return/agree}'),
  one('two ways out swapped', 'P25', 'gate', 'to-child:     {restart: protect/child}', 'to-child:     {restart: talk/start}'),
  one(
    'a country without a programme that takes requests',
    'P25',
    'gate',
    '      - {when: {rule: no-programme}, to: no-programme}\n',
    '',
    'return',
  ),
  one(
    'people in the United States asked for a return request',
    'P14',
    'gate',
    '{welcome/country: us}, to: us',
    '{welcome/country: us}, to: who',
    'common',
  ),
  one(
    'a gate question without skip',
    'P15',
    'gate',
    'office: court, someone: papers-back, skip: court',
    'office: court, someone: papers-back',
  ),
  one('a way out of the gate that drops nothing', 'P26', 'gate', 'to-protect:   {restart', 'to-protect:   {next'),
  one('a gate pick that is carried along', 'P26', 'common', 'carry: [welcome/country', 'carry: [gate/age, welcome/country'),
  one('gate questions that are counted', 'P26', 'gate', 'private: true', 'private: false'),
  one('gate picks in a talk', 'P26', 'common', 'kind: talk, covers: [welcome/country]', 'kind: talk, covers: [welcome/country, gate/*]'),
];

const data: Mutation[] = [
  one(
    'a field that nobody asks',
    'P16',
    'common',
    'fields:\n',
    'fields:\n  spare: {type: choice, values: [yes, no], data: personal, keep: 30d}\n',
  ),
  one('an answer that nobody gets', 'P16', 'common', 'interpreter, worker]', 'interpreter]'),
  one(
    'a personal field kept for ever',
    'P16',
    'common',
    'used-before:   {type: choice, values: [no, yes, not-sure], data: personal, keep: 30d}',
    'used-before:   {type: choice, values: [no, yes, not-sure], data: personal}',
  ),
  one('more questions than the budget', 'P16', 'common', 'budget: {picks: 16', 'budget: {picks: 13'),
  one(
    'nine options',
    'P19',
    'my-case',
    'hub:      {menu: {status: status,',
    'hub:      {menu: {a: status, b: status, c: status, d: status, status: status,',
  ),
  one(
    'a receipt that tells what kind of request it was',
    'P30',
    'protect',
    'agree-protect}, next: my-case/received',
    'agree-protect}, next: child-no-staff',
  ),
  one('free text outside the request', 'P31', 'help', 'steps:', 'steps:\n  note: {write: true, next: start}'),
  one(
    'words into a closed request',
    'P31',
    'my-case',
    '{rule: request-open}, to: written}\n      - {to: none}',
    '{rule: request-open}, to: written}\n      - {to: written}',
  ),
  one('an everyday word that throws people back', 'P32', 'learn', 'say: [cost], next: questions', 'say: [cost], restart: welcome/topics'),
];

async function found({ edits, rule, at }: Mutation): Promise<{ found: string[]; expected: string }> {
  const copy = shippedCopy();
  try {
    for (const [file, from, to] of edits) copy.change(`flows/${file}.yaml`, from, to);
    const findings = await provedUntil(copy, rule);
    const expected = `${rule} ${at ?? edits[0]?.[0]}.yaml`;
    return { found: findings.map((one) => `${one.rule} ${/([\w-]+\.yaml):\d+:\d+$/.exec(one.where)?.[1]}`), expected };
  } finally {
    copy.remove();
  }
}

describe('a mistake in the shipped flows never reaches a person', () => {
  describe.each([
    ['names', names],
    ['routes', routes],
    ['rights', rights],
    ['the gate', gate],
    ['data and looks', data],
  ])('%s', (_, mutations) => {
    it.each(mutations.map((mutation) => [mutation.what, mutation] as const))('%s', async (_, mutation) => {
      const { found: findings, expected } = await found(mutation);
      expect(findings).toContain(expected);
    });
  });

  it('an everyday word that leads into the gate is found', async () => {
    const copy = shippedCopy();
    const findings = await provedUntil(copy, 'P32', { topics: new Map([['fear', 'gate/fear']]) });
    copy.remove();
    expect(findings.map((finding) => finding.rule)).toContain('P32');
  });

  it('a rule of urgency that reads a skipped answer as "nothing is missing" is found', async () => {
    const copy = shippedCopy();
    const rank = (_: string, __: string, answers: Record<string, unknown>) => (answers['missing'] === null ? 2 : 1);
    const findings = await provedUntil(copy, 'P15', { rank });
    copy.remove();
    expect(findings.map((finding) => `${finding.rule} ${finding.where.replace(/^.*flows\//, '')}`)).toContain('P15 return.yaml:23:3');
  });

  it('there are enough of them, and no two alike', () => {
    const all = [...names, ...routes, ...rights, ...gate, ...data];
    expect(all.length).toBeGreaterThanOrEqual(34);
    expect(new Set(all.map((mutation) => JSON.stringify(mutation.edits))).size).toBe(all.length);
  });
});

describe('the shipped flows', () => {
  it('keep every rule, in every state, and the shortest way to a mistake would be told', async () => {
    const proof = proveContent(await shippedContent());
    expect(proof.findings).toEqual([]);
    expect(proof.states).toBeGreaterThan(1_000);
    expect(proof.transitions).toBeGreaterThan(proof.states * 5);
  });
});
