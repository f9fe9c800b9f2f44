// Ways through the shipped flows as the codes a person taps.

import { options } from '../../src/flow/options.ts';
import { begin } from '../../src/flow/step.ts';
import type { Content } from '../../src/text/content.ts';
import { label } from '../../src/text/labels.ts';
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

/** Every label an option code has somewhere, in every language: what a person would look for on screen. */
export function stepLabels({ flow, catalog }: Content): (code: string) => string[] {
  const found = new Map<string, Set<string>>();
  const session = begin(flow, 'en', 0);
  for (const step of Object.values(flow.steps))
    for (const code of options(flow, session, step, {}))
      for (const lang of flow.languages) {
        const labels = found.get(code) ?? new Set();
        found.set(code, labels.add(label(flow, catalog, lang, step, code)));
      }
  return (code) => [...(found.get(code) ?? [])];
}
