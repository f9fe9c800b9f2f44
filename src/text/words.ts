// Folds the words of all languages once, so that understanding a reply is a few look-ups.
import { existsSync, readFileSync } from 'node:fs';
import type { Flow } from '../flow/definition.ts';
import { fold } from '../flow/fold.ts';
import type { Interrupt } from '../flow/session.ts';
import type { Words } from '../flow/understand.ts';
import type { Catalog } from './catalog.ts';
import { label } from './labels.ts';

type Lists = Record<string, Record<string, { name: string; also?: string[] }>>;

/** `plain`: yes and no as people type them in any language. */
export function makeWords(flow: Flow, catalog: Catalog, plain: Words['plain'] = new Map()): Words {
  const groups = new Map<string, string[]>();
  const answers = new Map<string, Record<string, string[]>>();
  const interrupts: Words['interrupts'] = new Map();
  const topics: Words['topics'] = new Map();
  for (const lang of catalog.languages) {
    for (const [group, phrases] of entriesOf(catalog.tree(lang, 'crisis'))) groups.set(group, [...(groups.get(group) ?? []), ...phrases]);
    for (const [ref, codes] of entriesOf<Record<string, string[]>>(catalog.tree(lang, 'answers'))) answers.set(`${lang} ${ref}`, codes);
    for (const [name, words] of entriesOf(catalog.tree(lang, 'interrupts')))
      for (const word of words) {
        interrupts.set(fold(word), name as Interrupt);
        interrupts.set(word.trim(), name as Interrupt);
      }
    for (const [step, words] of entriesOf(catalog.tree(lang, 'topics'))) for (const word of words) topics.set(fold(word), step);
  }
  interrupts.delete('');
  const everyday = (groups.get('everyday') ?? []).map(fold);
  groups.delete('everyday');
  const labels = new Map<string, Map<string, string>>();
  const lists = new Map<string, Map<string, string[]>>();
  return {
    crisis: [...groups].map(([group, phrases]) => ({
      group,
      phrases: phrases
        .filter((one) => !patterned.test(one))
        .map(fold)
        .filter((one) => one !== ''),
      gaps: phrases.filter((one) => patterned.test(one)).map(pattern),
    })),
    everyday,
    interrupts,
    topics,
    plain,
    labels(lang, ref) {
      const key = `${lang} ${ref}`;
      const known = labels.get(key);
      if (known !== undefined) return known;
      const made = labelsOf(flow, catalog, lang, ref);
      for (const [code, typed] of Object.entries(answers.get(key) ?? {})) for (const word of typed) made.set(fold(word), code);
      labels.set(key, made);
      return made;
    },
    entries(list) {
      const known = lists.get(list);
      if (known !== undefined) return known;
      const made = namesOf(catalog, list);
      lists.set(list, made);
      return made;
    },
  };
}

const patterned = /[*/]|(?:^|\s)-|-(?:\s|$)/;

/**
 * `let * go`: up to three words between. `-kill-`: up to four letters of the same word before and after, for languages
 * that write small words onto great ones. `he/she`: either. Folded words hold none of these signs. `needs`: what one
 * looks for first, since a long message meets hundreds of these.
 */
function pattern(phrase: string): { needs: string[]; whole: RegExp } {
  const parts = phrase.split('*').map((part) =>
    part
      .split(/\s+/)
      .filter((one) => fold(one) !== '')
      .map((one) => one.split('/').filter((word) => fold(word) !== '')),
  );
  const needs = parts.flat().toSorted((a, b) => a.length - b.length)[0] ?? [];
  const whole = parts.map((words) => words.map(eitherOf).join(' ')).join(' (?:\\S+ ){0,3}');
  return { needs: needs.map(fold), whole: new RegExp(` ${whole} `) };
}

/** Words that an entry of the crisis lists hears: the first of each choice, nothing more written on. */
export const spoken = (phrase: string): string =>
  phrase
    .replaceAll('*', ' ')
    .split(/\s+/)
    .map((one) => one.split('/').find((word) => fold(word) !== '') ?? '')
    .map((word) => word.replace(/^-|-$/g, ''))
    .join(' ');

function eitherOf(words: string[]): string {
  const all = words.map((one) => {
    const plain = fold(one).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return `${one.startsWith('-') ? '\\S{0,4}' : ''}${plain}${one.endsWith('-') ? '\\S{0,4}' : ''}`;
  });
  return `(?:${all.join('|')})`;
}

/** `locales/yes-no.json`; a word that would mean both means neither. */
export function plainWords(path: string): NonNullable<Words['plain']> {
  const plain: NonNullable<Words['plain']> = new Map();
  if (!existsSync(path)) return plain;
  const { yes, no } = JSON.parse(readFileSync(path, 'utf8')) as Record<'yes' | 'no', string[]>;
  const folded = (words: string[]) => new Set(words.map((word) => fold(word) || word));
  const [yeses, noes] = [folded(yes), folded(no)];
  for (const word of yeses) if (!noes.has(word)) plain.set(word, 'yes');
  for (const word of noes) if (!yeses.has(word)) plain.set(word, 'no');
  return plain;
}

const entriesOf = <Value = string[]>(tree: unknown): [string, Value][] => Object.entries((tree ?? {}) as Record<string, Value>);

/** Folded label to code, of every option that is not a list entry. */
function labelsOf(flow: Flow, catalog: Catalog, lang: string, ref: string): Map<string, string> {
  const step = flow.steps[ref];
  if (step === undefined) return new Map();
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  const values = field !== undefined && 'values' in field ? field.values : [];
  const controls =
    field?.data === 'consent' ? [] : step.menu ? [] : step.language ? [] : step.review ? ['~change', '~more'] : ['skip', '~done', '~more'];
  const codes = [
    ...Object.keys(step.menu ?? {}),
    ...(step.language ? flow.languages : []),
    ...(step.review ? ['send', 'cancel'] : []),
    ...values,
    ...controls,
  ];
  return new Map(codes.map((code) => [fold(label(flow, catalog, lang, step, code)), code]));
}

/** Folded names of every language to codes; a name that two entries share keeps both. */
function namesOf(catalog: Catalog, list: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const lang of catalog.languages)
    for (const [code, { name, also }] of Object.entries((catalog.tree(lang, 'lists') as Lists | undefined)?.[list] ?? {}))
      for (const word of [name, ...(also ?? [])]) {
        const folded = fold(word);
        const codes = names.get(folded) ?? [];
        if (folded !== '' && !codes.includes(code)) names.set(folded, [...codes, code]);
      }
  return names;
}
