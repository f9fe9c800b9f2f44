// What the page shows again: bounded, sealed and short-lived. A message stands there once however often
// it is sent, and nothing of an earlier run stands above a new one.
import type { Message } from './channel.ts';

export type Entry =
  | { from: 'us'; id: string; text: string; lang: string; dir: 'ltr' | 'rtl'; choices: Message['choices'] }
  | { from: 'them'; id: string; text: string };
/** `farewell`: the last words to somebody who had everything erased. */
export type Transcript = { entries: Entry[]; farewell?: true };

/** What a person did: wrote something, or used the button with this id. */
export type Done = { id: string; said?: string | undefined; pressed?: string | undefined };

const mostEntries = 60;
const mostCharacters = 40_000;

/** What the person did, in their own words or in the words of the button; null when there is nothing to show. */
function theirs(entries: Entry[], { id, said, pressed }: Done, first: Message | undefined): Entry | null {
  const question = entries.at(-1);
  const label = question?.from === 'us' ? question.choices.find((choice) => choice.id === pressed)?.label : undefined;
  // A mark at an option is no answer yet: it shows at its button.
  const text = first?.lock ?? said ?? (first?.replaces ? undefined : label);
  return text === undefined || entries.some((one) => one.id === id) ? null : { from: 'them', id, text };
}

/** The transcript with what a person did and what they were answered. */
export function withAnswers(before: Entry[], done: Done, messages: Message[]): Entry[] {
  const entries = [...before];
  const own = theirs(entries, done, messages[0]);
  if (own !== null) entries.push(own);
  for (const { id, text, language, direction, choices, replaces } of messages) {
    const same = entries.filter((one) => one.from === 'us' && one.id.split('.')[0] === id);
    const there = same.find((one) => one.text === text);
    if (there?.from === 'us') {
      // Said before: it stands there once, below whatever came in between.
      entries.splice(entries.indexOf(there), 1);
      entries.push({ ...there, choices });
      continue;
    }
    const last = entries.at(-1);
    const edits = replaces && last?.from === 'us';
    if (edits) entries.pop();
    // The same question with other marks keeps its id, or a reader would read all of it at every mark.
    const number = edits ? last.id : same.length === 0 ? id : `${id}.${entries.length}`;
    entries.push({ from: 'us', id: number, text, lang: language, dir: direction, choices });
  }
  return bounded(entries);
}

/** Buttons of earlier questions are dead and need no place; the oldest goes first. */
function bounded(entries: Entry[]): Entry[] {
  const kept = entries.slice(-mostEntries).map((one, i, all) => (one.from === 'us' && i < all.length - 1 ? { ...one, choices: [] } : one));
  while (kept.length > 1 && kept.reduce((sum, one) => sum + one.text.length, 0) > mostCharacters) kept.shift();
  return kept;
}
