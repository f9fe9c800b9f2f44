// On the page: an answer was shown, then a store failed before the message was done with. "We have a technical
// problem" stood below the question, the message came again, and the question that stood there already was not
// put below: its buttons were gone, and the person had nothing to press.
import { expect, it } from 'vitest';
import { withAnswers } from '../../src/channel/web-transcript.ts';

const said = (id: string, text: string, choices: string[] = []) => ({
  ...{ id, text, language: 'en', direction: 'ltr' as const },
  choices: choices.map((code) => ({ id: `1.${code}`, label: code, kind: 'answer' as const })),
});

it('a question that is answered again after an outage stands last, once, with its buttons', () => {
  const answer = [said('m_7', 'We delete it.'), said('m_7_1', 'Are you sure?', ['yes', 'no'])];
  const once = withAnswers([], { id: 'r1', said: 'DELETE' }, [...answer, said('p_r1', 'We have a technical problem.')]);
  const again = withAnswers(once, { id: 'r1', said: 'DELETE' }, answer);
  expect(again.map((one) => one.text)).toEqual(['DELETE', 'We have a technical problem.', 'We delete it.', 'Are you sure?']);
  expect(again.at(-1)).toMatchObject({ choices: [{ label: 'yes' }, { label: 'no' }] });
  expect(withAnswers(again, { id: 'r1', said: 'DELETE' }, answer)).toEqual(again);
});
