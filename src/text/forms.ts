// What form each locale file must have. The files of texts are trees of sentences; the word lists are
// each of a kind of their own. A file of another form is told at once, before anything reads it.
import { join } from 'node:path';
import { spot } from './spot.ts';
import { leaves } from './tree.ts';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isWords = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');
const isWordsByName = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isWords);

/** The object a file holds, or null: `JSON.parse` also takes a number for a file. */
export const asRecord = (value: unknown): Record<string, unknown> | null => (isRecord(value) ? value : null);

/** Findings about one file of one language. */
export function wrongForm(folder: string, lang: string, file: string, tree: unknown): string[] {
  const path = join(folder, lang, `${file}.json`);
  const at = (key: string[], message: string) => `${spot(path, key)}: P18 ${message}`;
  if (file === 'review') return [];
  if (['interrupts', 'crisis', 'topics', 'required'].includes(file))
    return Object.entries(asRecord(tree) ?? {}).flatMap(([name, words]) =>
      isWords(words) ? [] : [at([name], `${name} must be a list of words`)],
    );
  if (file === 'answers')
    return Object.entries(asRecord(tree) ?? {}).flatMap(([ref, codes]) =>
      isWordsByName(codes) ? [] : [at([ref], `${ref} must name lists of words`)],
    );
  if (file === 'forbidden') {
    const { phrases, allowed, only } = asRecord(tree) ?? {};
    return [
      ...(isWords(phrases) ? [] : [at(['phrases'], 'phrases must be a list of words')]),
      ...(isWordsByName(allowed) ? [] : [at(['allowed'], 'allowed must name lists of keys')]),
      ...(only === undefined || isWordsByName(only) ? [] : [at(['only'], 'only must name lists of phrases')]),
    ];
  }
  return leaves(tree).flatMap(([key, text]) => {
    if (typeof text === 'string') return [];
    return file === 'lists' && key.endsWith('.also') && isWords(text) ? [] : [at(key.split('.'), `${key} is no text`)];
  });
}
