// The same conversation for every peer: one question a reply, buttons for its answers, and a case that is
// posted at the end. A number or a tapped button answers.
import { script } from '../script.ts';

const others = ['other', 'skip'];
export const questions = script.map(({ code }, i) => ({
  text: `Question ${i + 1}: please choose one of these answers, or write its number.`,
  codes: [code, ...others],
}));

export const keyboard = (at: number) => (questions[at]?.codes ?? []).map((code) => [{ text: code, callback_data: `${at}.${code}` }]);

/** The code that a text or tap names at this question, or null. */
export function answerAt(at: number, text: string | undefined, data: string | undefined): string | null {
  const codes = questions[at]?.codes ?? [];
  if (data !== undefined) return data.startsWith(`${at}.`) ? (codes.find((code) => data === `${at}.${code}`) ?? null) : null;
  return codes[Number(text) - 1] ?? null;
}

/** Hands the case over and waits until it was taken. */
export async function postCase(person: number, answers: string[]): Promise<void> {
  const body = JSON.stringify({ type: 'case.opened', data: { case_id: `c_${person}`, answers } });
  const answer = await fetch(process.env['BENCH_CASES'] ?? '', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  if (!answer.ok) throw new Error(`the case was answered ${answer.status}`);
}
