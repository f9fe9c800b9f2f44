// Ways through the shipped flows as the codes a person taps.
import type { Talk } from './talk.ts';

export const toTopics = ['en', 'by'];
export const toGate = [...toTopics, 'return', 'yes', 'questions'];
export const clearGate = ['me', 'adult', 'shelter', 'no', 'no', 'me', 'no'];
export const toReturnConsent = [...toGate, ...clearGate];
/** Country of return, alone, a baby, no place to sleep, by chat, any time, no interpreter, no preference. */
const returnAnswers = ['iq', 'one', 'baby', '~done', 'sleep', '~done', 'chat', 'any', 'none', 'any'];
export const toReceipt = [...toReturnConsent, 'yes', ...returnAnswers, 'send'];

export async function walkTo(talk: Talk, codes: string[]): Promise<void> {
  await talk.starts();
  await talk.taps(...codes);
}
