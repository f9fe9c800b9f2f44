// From what was sent to what is meant, in a fixed order: crisis words of every language first, then
// the other interrupts, then the options of the question, at menus everyday words, and else a value
// that says "not understood". Nothing here throws at a person's words.
import type { Flow, Step } from './definition.ts';
import { digits, fold } from './fold.ts';
import { options } from './options.ts';
import { type Position, position } from './position.ts';
import type { Facts, Input, Interrupt, Session } from './session.ts';
import { isGone } from './shown.ts';

/** What the locales give, folded once at start-up. */
export type Words = {
  /** Groups of phrases of every language; each is matched as whole words inside a message. `gaps`: those that are patterns (docs/translating.md). */
  crisis: { group: string; phrases: string[]; gaps?: { needs: string[]; whole: RegExp }[] }[];
  /** Everyday talk that holds a crisis phrase: a phrase that stands wholly inside one of these is no cry. */
  everyday?: string[];
  /** Whole messages, of every language. */
  interrupts: Map<string, Interrupt>;
  /** Whole messages at menus: information steps. */
  topics: Map<string, string>;
  /** Yes and no in many more languages than the chat has; never looked at where a consent is asked. */
  plain?: Map<string, 'yes' | 'no'>;
  /** Folded labels of a step's options in one language, and other words for them (`answers.json`). */
  labels(lang: string, step: string): Map<string, string>;
  /** Folded names of a list's entries, of every language. */
  entries(list: string): Map<string, string[]>;
};

export type Reply =
  | { kind: 'text'; text: string }
  | { kind: 'choice'; stamp: string; code: string }
  /** A picture, a file, a call. `caption`: the words under it. */
  | { kind: 'media'; caption?: string }
  | { kind: 'edited' }
  | { kind: 'nothing' };

/** `said`: the words were meant for somebody (a caseworker, a crisis); `phone`: a number to be sealed, which the engine never sees. */
export type Understood = { input: Input; said?: string; phone?: string };

const controls: Record<string, Interrupt> = { '~back': 'back', '~person': 'human', '~sos': 'urgent' };

export const stampOf = (session: Session): string => session.asked.toString(36);

/** First word of a phrase to the phrases that begin with it, for each group: most words of a message begin none. */
const byFirstWord = new WeakMap<string[], Map<string, string[]>>();

function beginning(phrases: string[]): Map<string, string[]> {
  const known = byFirstWord.get(phrases);
  if (known !== undefined) return known;
  const made = new Map<string, string[]>();
  for (const phrase of phrases) {
    const [first = ''] = phrase.split(' ', 1);
    made.set(first, [...(made.get(first) ?? []), phrase]);
  }
  byFirstWord.set(phrases, made);
  return made;
}

const shortest = new WeakMap<Words['crisis'], number>();

/** Most replies are a number, too short for any cry. */
function shortestOf({ crisis }: Words): number {
  const known = shortest.get(crisis);
  if (known !== undefined) return known;
  const all = crisis.flatMap(({ phrases, gaps = [] }) => [...phrases, ...gaps.flatMap(({ needs }) => needs)]);
  const length = Math.min(...all.map((one) => one.length));
  shortest.set(crisis, length);
  return length;
}

type Place = { from: number; to: number };

/** Everywhere these phrases stand; the blank between two of them belongs to both. */
function places(said: string, phrases: string[]): Place[] {
  const known = beginning(phrases);
  const found: Place[] = [];
  for (const word of new Set(said.trim().split(' ')))
    for (const phrase of known.get(word) ?? [])
      for (let from = said.indexOf(` ${phrase} `); from >= 0; from = said.indexOf(` ${phrase} `, from + 1))
        found.push({ from, to: from + phrase.length + 2 });
  return found;
}

/**
 * The crisis group whose phrase stands in these words, or null. A phrase inside a longer one does not count: "I do not want to live
 * in this camp" is everyday talk though it begins like a cry, "they want to kill me" is danger and "I want to kill myself" is not.
 */
export function crisisIn(text: string, words: Words): string | null {
  const folded = fold(text);
  if (folded.length < shortestOf(words)) return null;
  const padded = ` ${folded} `;
  // Arabic writes "and" and "so" onto the next word, where they hide it.
  const alone = padded.replace(/ [\u0648\u0641](?=\p{Script=Arabic}{2})/gu, ' ');
  const heard = new Set([padded, alone].flatMap((said) => criesIn(said, words)));
  return words.crisis.find(({ group }) => heard.has(group))?.group ?? null;
}

function criesIn(said: string, { crisis, everyday = [] }: Words): string[] {
  const cries = crisis.flatMap(({ group, phrases }) => places(said, phrases).map((one) => ({ ...one, group })));
  const loose = crisis.flatMap(({ group, gaps = [] }) =>
    gaps.flatMap(({ needs, whole }) => {
      const hit = needs.some((need) => said.includes(need)) ? whole.exec(said) : null;
      return hit === null ? [] : [{ from: hit.index, to: hit.index + hit[0].length, group }];
    }),
  );
  if (cries.length + loose.length === 0) return [];
  const calm = places(said, everyday);
  const inside = (one: Place, other: Place) => other.from <= one.from && one.to <= other.to;
  // A pattern silences nothing: whatever may stand in its gap may be a cry of its own.
  const longer = (one: Place) => cries.some((other) => inside(one, other) && other.to - other.from > one.to - one.from);
  return [...cries, ...loose].flatMap((one) => (longer(one) || calm.some((other) => inside(one, other)) ? [] : [one.group]));
}

export function understand(flow: Flow, session: Session, reply: Reply, words: Words, facts: Facts): Understood {
  if (reply.kind === 'nothing') return { input: { kind: 'again' } };
  if (reply.kind === 'edited') return { input: { kind: 'unclear', why: 'edited' } };
  // What stands under a picture answers nothing, but whoever asks for help, a person or an end there is heard.
  if (reply.kind === 'media') return interruptIn(reply.caption ?? '', words) ?? { input: { kind: 'unclear', why: 'media' } };
  const here = position(flow, session, facts);
  return reply.kind === 'choice' ? tapped(flow, session, here, reply) : typed(flow, session, here, reply.text, words);
}

function tapped(flow: Flow, session: Session, here: Position, reply: { stamp: string; code: string }): Understood {
  const interrupt = controls[reply.code];
  // A person and urgent help are never closed, however old the button.
  if (interrupt === 'human') return { input: { kind: 'interrupt', name: interrupt } };
  if (interrupt === 'urgent') return { input: { kind: 'interrupt', name: interrupt }, said: 'SOS' };
  if (here.step === null || isGone(session, here) || reply.stamp !== stampOf(session)) return { input: { kind: 'stale' } };
  if (interrupt === 'back') return { input: { kind: 'interrupt', name: 'back' } };
  if (!options(flow, session, here.step, here.known).includes(reply.code)) return { input: { kind: 'stale' } };
  return { input: chosen(flow, session, here.step, reply.code) };
}

/** An option code of the question on screen, as input. */
function chosen(flow: Flow, session: Session, step: Step, code: string): Input {
  if (code === '~more') return { kind: 'page', page: session.page + 1 };
  if (code === '~change') return { kind: 'page', page: 1 };
  if (code === '~done') return { kind: 'answer', value: session.marked };
  if (code.startsWith('~item:')) return { kind: 'change', item: code.slice(6) };
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  if (field !== undefined && code === 'skip' && field.data !== 'consent') return { kind: 'answer', value: null };
  if (field?.type === 'choices') return { kind: 'toggle', value: code };
  return { kind: 'answer', value: code };
}

/** Crisis words anywhere, or another interrupt alone: they count whatever is asked. */
function interruptIn(text: string, words: Words): Understood | null {
  const group = crisisIn(text, words);
  if (group !== null) return { input: { kind: 'interrupt', name: 'urgent', group }, said: text };
  const name = words.interrupts.get(fold(text)) ?? words.interrupts.get(text.trim());
  if (name === undefined) return null;
  return { input: { kind: 'interrupt', name }, ...(name === 'urgent' ? { said: text } : {}) };
}

/** Whether somebody asks for urgent help here: crisis words, or SOS. */
export function asksForHelp(text: string, words: Words): boolean {
  const input = interruptIn(text, words)?.input;
  return input?.kind === 'interrupt' && input.name === 'urgent';
}

/** Interrupts that give way where the same word answers the question on screen. What ends, deletes or calls for help never does. */
const givesWay = new Set<Interrupt>(['human', 'help', 'language', 'back']);

function typed(flow: Flow, session: Session, here: Position, text: string, words: Words): Understood {
  const interrupt = interruptIn(text, words);
  const folded = fold(text);
  const { step } = here;
  const gone = isGone(session, here);
  // "One person", asked how many travel, is an answer and no call for a person.
  const own = step === null || gone ? null : labelled(flow, session, here, step, folded, words);
  if (interrupt !== null && (own === null || interrupt.input.kind !== 'interrupt' || !givesWay.has(interrupt.input.name))) return interrupt;
  if (gone) return { input: { kind: 'stale' } };
  if (step === null) return { input: { kind: 'again' } };
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];

  const number = digits(text)
    .replace(/[^\d\s,;+]/gu, '')
    .trim();
  if (field?.type === 'phone') {
    const phone = phoneIn(text);
    if (phone !== null) return { input: { kind: 'answer', value: 'given' }, phone };
  } else if (/^\d$/.test(number) && /^[\P{L}]*$/u.test(text)) {
    if (number === '9') return { input: { kind: 'interrupt', name: 'human' } };
    if (number === '0') return { input: { kind: 'interrupt', name: 'back' } };
  }
  if (step.write) return { input: { kind: 'written' }, said: text };
  const shown = options(flow, session, step, here.known);
  if (field?.type !== 'phone' && /^[\P{L}]*$/u.test(text)) {
    const input = numbered(flow, session, step, shown, number);
    if (input !== null) return { input };
  }

  if (own !== null) return { input: chosen(flow, session, step, own) };
  const plain = field?.data === 'consent' ? undefined : (words.plain?.get(folded) ?? words.plain?.get(text.trim()));
  if (plain !== undefined && shown.includes('yes') && shown.includes('no')) return { input: chosen(flow, session, step, plain) };
  const list = step.pick ?? (field?.type === 'list' ? field.of : undefined);
  if (list !== undefined) {
    const found = named(words.entries(list), folded);
    if (found.length === 1) return { input: { kind: 'answer', value: found[0] ?? null } };
    if (found.length > 1) return { input: { kind: 'unclear', why: 'which' } };
  }
  if (step.menu !== undefined && !flow.private.includes(step.file)) {
    const topic = words.topics.get(folded);
    if (topic !== undefined) return { input: { kind: 'topic', at: topic } };
  }
  return { input: { kind: 'unclear', why: field?.type === 'phone' ? 'invalid' : 'words' } };
}

/** The option of this question whose label, or a word for it, was typed. A consent is answered in the person's own language alone. */
function labelled(flow: Flow, session: Session, here: Position, step: Step, folded: string, words: Words): string | null {
  if (step.write) return null;
  const shown = options(flow, session, step, here.known);
  const consent = step.ask !== undefined && flow.fields[step.ask]?.data === 'consent';
  for (const lang of consent ? [session.lang] : [session.lang, ...flow.languages]) {
    const code = words.labels(lang, step.ref).get(folded);
    if (code !== undefined && shown.includes(code)) return code;
  }
  return null;
}

/** One number names a choice; at a `choices` question several may come at once and answer it. */
function numbered(flow: Flow, session: Session, step: Step, shown: string[], number: string): Input | null {
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  const asked = number.split(/[\s,;+]+/).flatMap((part) => (field?.type === 'choices' ? [...part] : part === '' ? [] : [part]));
  const codes = asked.map((one) => (/^[1-8]$/.test(one) ? shown[Number(one) - 1] : undefined));
  const [only] = codes;
  if (only === undefined || codes.includes(undefined)) return null;
  if (field?.type !== 'choices') return codes.length === 1 ? chosen(flow, session, step, only) : null;
  if (codes.length === 1 && (only === 'skip' || only === '~done')) return chosen(flow, session, step, only);
  const values = field.values.filter((value) => codes.includes(value));
  if (values.length === 0 || codes.some((code) => code === 'skip' || code === '~done')) return null;
  return { kind: 'answer', value: values.includes(field.none) ? [field.none] : values };
}

/** Digits with an optional plus: 7 to 15 of them. */
function phoneIn(text: string): string | null {
  const plain = digits(text).trim();
  if (!/^\+?[\d\s()./-]+$/.test(plain)) return null;
  const number = plain.replace(/\D/g, '');
  return number.length >= 7 && number.length <= 15 ? (plain.startsWith('+') ? `+${number}` : number) : null;
}

/** Entries of that name; else the ones that begin with it, three letters at least. */
function named(entries: Map<string, string[]>, folded: string): string[] {
  const exact = entries.get(folded);
  if (exact !== undefined) return exact;
  if (folded.length < 3) return [];
  const begun = [...entries].filter(([name]) => name.startsWith(folded)).flatMap(([, codes]) => codes);
  return [...new Set(begun)];
}
