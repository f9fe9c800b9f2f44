import { expect, it } from 'vitest';
import type { Facts } from '../../src/flow/session.ts';
import { begin, step } from '../../src/flow/step.ts';
import { shippedContent } from '../support/talk.ts';

it('somebody who has answered everything, at the greatest length, is less than 1 kB', async () => {
  const { flow } = await shippedContent();
  const facts: Facts = {
    ...{ requestOpen: false, childStaff: true, protectionStaff: true },
    programmes: { by: { open: true, noReturn: [], repeatWindow: true, partnerVisits: false } },
  };
  const needs = ['health', 'pregnancy', 'disability', 'older-person', 'baby'];
  const gate = ['me', 'adult', 'elsewhere', 'no', 'no', 'someone', 'yes', 'no'];
  const answers = [
    'iq',
    'three-to-five',
    'yes',
    needs,
    ['sleep', 'food', 'water'],
    'not-sure',
    'call',
    'given',
    'afternoon',
    'this-language',
    'woman',
  ];
  let { session, effects } = step(flow, begin(flow, 'en', 16 ** 6), { kind: 'start' }, facts);
  for (const value of ['en', 'by', 'return', 'yes', 'questions', ...gate, 'yes', ...answers])
    ({ session, effects } = step(flow, session, { kind: 'answer', value }, facts));
  expect(effects.at(-1)).toEqual({ do: 'ask', step: 'return/recap' });
  expect(Buffer.byteLength(JSON.stringify(session))).toBeLessThan(1_000);
});
