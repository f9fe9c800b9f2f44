// The registration conversation everybody is measured with: language, country, gate, consent, questions,
// confirm, handoff. One reply a step; a person writes the number of the answer or taps its button.

/** Codes of the answers in order; `multi` ones are marked and then ended when they are tapped. */
export const script: readonly { code: string; multi?: true }[] = [
  { code: 'en' },
  { code: 'by' },
  { code: 'return' },
  { code: 'yes' },
  { code: 'questions' },
  { code: 'me' },
  { code: 'adult' },
  { code: 'shelter' },
  { code: 'no' },
  { code: 'no' },
  { code: 'me' },
  { code: 'no' },
  { code: 'yes' },
  { code: 'iq' },
  { code: 'one' },
  { code: 'baby', multi: true },
  { code: 'sleep', multi: true },
  { code: 'chat' },
  { code: 'any' },
  { code: 'none' },
  { code: 'any' },
  { code: 'send' },
];

/** What the last message of a finished conversation holds, in the product and in every peer. */
export const receipt = 'Your code';

export type How = 'typed' | 'taps';
