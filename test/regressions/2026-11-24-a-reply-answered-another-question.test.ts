// The world changes while somebody waits. What they then sent was taken for the answer to wherever they stood now, a
// restart could throw them back to the choice of language without a word, and a phone question asked again did not wait.
import { expect, it } from 'vitest';
import { position } from '../../src/flow/position.ts';
import type { Facts, Session } from '../../src/flow/session.ts';
import { begin, step } from '../../src/flow/step.ts';
import { type Reply, stampOf, understand } from '../../src/flow/understand.ts';
import { shippedContent } from '../support/talk.ts';
import { clearGate, toGate, toReturnConsent, toTopics } from '../support/ways.ts';

const { flow, words } = await shippedContent();
const facts = (open: boolean, noReturn: string[] = [], requestOpen = false, repeatWindow = false): Facts => ({
  ...{ requestOpen, childStaff: true, protectionStaff: true },
  programmes: { by: { open, noReturn, repeatWindow, partnerVisits: false } },
});
const [running, closed] = [facts(true), facts(false)];

function reached(codes: (string | string[])[], world = running): Session {
  let { session } = step(flow, begin(flow, 'en', 1), { kind: 'start' }, world);
  for (const value of codes) session = step(flow, session, { kind: 'answer', value }, world).session;
  return session;
}
const replyTo = (session: Session, reply: Reply, world: Facts) =>
  step(flow, session, understand(flow, session, reply, words, world).input, world);
const at = (session: Session, world: Facts) => position(flow, session, world).step?.ref;
const says = (effects: ReturnType<typeof step>['effects']) => effects.flatMap((one) => (one.do === 'say' ? [one.key] : []));

it.each<[string, Reply]>([
  ['a tap on Skip', { kind: 'choice', stamp: '', code: 'skip' }],
  ['a number', { kind: 'text', text: '1' }],
  ['a word', { kind: 'text', text: 'no' }],
])('%s at one question is no answer to another that stands before it now', (_, reply) => {
  const session = reached([...toReturnConsent, 'yes', 'iq', 'one', ['baby'], ['sleep']]);
  const asksMore = facts(true, [], false, true);
  expect([at(session, running), at(session, asksMore)]).toEqual(['return/reach', 'return/used-before']);
  const sent = reply.kind === 'choice' ? { ...reply, stamp: stampOf(session) } : reply;
  const { session: after, effects } = replyTo(session, sent, asksMore);
  expect(after.answers).toEqual(session.answers);
  expect(effects[0]).toEqual({ do: 'notice', name: 'closed' });
  expect(effects.at(-1)).toEqual({ do: 'ask', step: 'return/used-before' });
  // The question that stands now has buttons of its own.
  expect(stampOf(after)).not.toBe(stampOf(session));
  expect(step(flow, after, { kind: 'answer', value: 'no' }, asksMore).session.answers['used-before']?.value).toBe('no');
});

it('whoever waits while their programme closes reads why; what they send meanwhile counts for nothing, and the gate is forgotten', () => {
  const atFear = reached([...toGate, 'me', 'adult', 'shelter']);
  const { session, effects } = replyTo(atFear, { kind: 'text', text: 'no' }, closed);
  expect(says(effects)).toEqual(['no-programme', 'legal-help']);
  expect(at(session, closed)).toBe('gate/no-programme');
  expect(Object.keys(session.picks).filter((ref) => ref.startsWith('gate/'))).toEqual([]);
});

it('somebody who says "under 18" while the programme is closed is not led back to their recap when it opens again', () => {
  const answers = ['yes', 'iq', 'one', ['baby'], ['sleep'], 'chat', 'any', 'none', 'any'];
  const recap = reached([...toReturnConsent, ...answers]);
  const asked = step(flow, recap, { kind: 'change', item: 'welcome/country' }, closed).session;
  const country = step(flow, asked, { kind: 'answer', value: 'by' }, closed).session;
  const child = step(flow, country, { kind: 'answer', value: 'under-18' }, closed).session;
  expect(at(child, closed)).toBe('gate/child');
  const { session } = replyTo(child, { kind: 'text', text: '1' }, running);
  expect(Object.values(session.picks)).not.toContain('under-18');
  expect(at(step(flow, session, { kind: 'answer', value: 'send' }, running).session, running)).not.toBe('return/received');
});

it('a question of safety that is asked again is the one that waits', () => {
  let session = reached([...toTopics, 'return', 'yes']);
  session = step(flow, session, { kind: 'topic', at: 'others/stranded' }, running).session;
  for (const value of ['return', 'not-now']) session = step(flow, session, { kind: 'answer', value }, running).session;
  const { session: after, effects } = step(flow, session, { kind: 'answer', value: 'return' }, running);
  expect(effects.at(-1)).toEqual({ do: 'ask', step: 'welcome/phone' });
  expect(at(after, running)).toBe('welcome/phone');
  expect(at(replyTo(after, { kind: 'text', text: 'no' }, running).session, running)).toBe('welcome/topics');
});

it('a country that takes nobody back any more leads to the page that says so, not back to the language', () => {
  const session = reached([...toReturnConsent, 'yes', 'iq', 'one']);
  const after = replyTo(session, { kind: 'text', text: '1' }, facts(true, ['iq']));
  expect(says(after.effects)).toContain('no-return');
  expect(at(after.session, running)).toBe('talk/agree');
  expect(after.session.answers).toEqual({});
});

it('words for a caseworker become no choice of language when the request was closed meanwhile', () => {
  const open = facts(true, [], true);
  const session = reached(['write'], open);
  expect(at(session, open)).toBe('my-case/write');
  const { session: after, effects } = replyTo(session, { kind: 'text', text: '2' }, running);
  expect(after.lang).toBe('en');
  expect(effects.map((one) => one.do)).toEqual(['notice', 'count', 'ask']);
});

it('after an upgrade a reply to a question of the last release answers no new one', () => {
  const session = reached([...toReturnConsent, 'yes', 'iq', 'one']);
  const travellers = { ...flow.steps['return/travellers'], next: [{ to: 'return/children' }] };
  const now = { ...flow, hash: 'new', steps: { ...flow.steps, 'return/travellers': travellers } } as typeof flow;
  const first = step(now, session, { kind: 'answer', value: 'no' }, running);
  expect(first.session.answers['children']).toBeUndefined();
  expect(first.effects.at(-1)).toEqual({ do: 'ask', step: 'return/children' });
  expect(step(now, first.session, { kind: 'answer', value: 'no' }, running).session.answers['children']?.value).toBe('no');
});

it('help, a person and urgent help answer at once, whatever has changed', () => {
  const session = reached([...toGate, ...clearGate]);
  for (const name of ['help', 'human', 'urgent'] as const)
    expect(step(flow, session, { kind: 'interrupt', name }, closed).effects.some((one) => one.do === 'say')).toBe(true);
});
