// People on Telegram before the product as its own process: they tap what they see, wait until the answer
// is whole, and know when they reached a caseworker.
import type { Person } from './bot-api/server.ts';
import { shippedContent } from './talk.ts';
import { stepLabels } from './ways.ts';

/** The shortest way to a caseworker: the gate ends at a talk, and its consent is given. */
export const short = ['en', 'by', 'return', 'yes', 'questions', 'me', 'adult', 'shelter', 'no', 'no', 'me', 'yes', 'yes'];

const buttons = (person: Person) => person.screen().flatMap((entry) => entry.buttons.flat());

export async function begins(person: Person): Promise<void> {
  person.starts();
  await person.waitFor((screen) => screen.some((entry) => entry.buttons.flat().includes('Français')), 'the language question');
}

/** Taps the label of each code at the question on screen. */
export async function walk(person: Person, codes: string[]): Promise<void> {
  const labels = stepLabels(await shippedContent());
  for (const code of codes) {
    const count = person.screen().length;
    const label = labels(code).find((one) => buttons(person).includes(one));
    if (label === undefined) throw new Error(`no ${code} among ${buttons(person).join(', ')} under ${person.last()?.text}`);
    person.taps(label);
    // The answer may be several messages; the last has buttons, or is the receipt.
    const whole = (entry: ReturnType<Person['screen']>[number] | undefined) =>
      (entry?.buttons.length ?? 0) > 0 || entry?.text.includes('Your code');
    await person.waitFor((screen) => screen.length > count && screen.slice(count).some(whole), `an answer to ${code}`);
  }
}

/** The code of their request, as the bot told it. */
export const refOf = (person: Person): string =>
  /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(person.screen().findLast(({ text }) => text.includes('Your code'))?.text ?? '')?.[0] ?? 'none';
