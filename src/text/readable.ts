// How hard a text is to read, by the formula made for its language, and how long its sentences are. A
// formula only sees lengths; it is the cheapest reader there is, and the first, never the last.

const inserted = /\{\{\s*\w+\s*\}\}/g;
/** An abbreviation's or a number's point ends no sentence; a colon before a list of words ends one. */
const sentenceEnd = /(?<=[.!?…:;؟।።])[\s»”"’]+|\n+/u;

/** Sentences of a text, inserted values counted as one word each. */
export const sentences = (text: string): string[] =>
  text
    .replace(inserted, 'X')
    .split(sentenceEnd)
    .filter((one) => /\p{L}/u.test(one));

export const wordsOf = (sentence: string): string[] => sentence.match(/[\p{L}\p{M}\p{Nd}]+(?:[’'-][\p{L}\p{M}\p{Nd}]+)*/gu) ?? [];

/** `score`: by the formula; `limit`: the hardest we accept; `harder`: whether the score is beyond it. */
export type Reading = { name: string; score: number; limit: number; harder: boolean };

type Formula = { name: string; limit: number; easyIsHigh: boolean; score(perSentence: number, perWord: number): number };

/** Limits: school grade 6; for French and Spanish the same level on their own scales, 60 being "plain". */
const formulas: Record<string, Formula> = {
  en: { name: 'Flesch-Kincaid grade', limit: 6, easyIsHigh: false, score: (words, syllables) => 0.39 * words + 11.8 * syllables - 15.59 },
  fr: { name: 'Kandel-Moles', limit: 60, easyIsHigh: true, score: (words, syllables) => 207 - 1.015 * words - 73.6 * syllables },
  es: { name: 'Fernández-Huerta', limit: 60, easyIsHigh: true, score: (words, syllables) => 206.84 - 1.02 * words - 60 * syllables },
};

/** Null for a language without a formula, and for texts too short to measure. */
export function reading(lang: string, text: string): Reading | null {
  const formula = formulas[lang];
  const all = sentences(text);
  const words = all.flatMap(wordsOf);
  if (formula === undefined || words.length < 30) return null;
  const syllables = words.reduce((sum, word) => sum + syllablesOf(lang, word), 0);
  const score = formula.score(words.length / all.length, syllables / words.length);
  return { name: formula.name, score, limit: formula.limit, harder: formula.easyIsHigh ? score < formula.limit : score > formula.limit };
}

/** English: -ed but after t and d, -es but after hissing sounds, -e but after l. French: -e, -es, and -ent, which is mostly a verb's. */
const silent: Record<string, RegExp> = {
  en: /(?<=[aeiouy].*[^aeiouy])(?:(?<![td])ed|(?<![sxzcgh])es|(?<!l)e)$/,
  fr: /(?<=[aeiouy].*[^aeiouy])(?:es?|ent)$/,
};

/** Where two vowels are two syllables. Spanish: a y before a vowel (ayuda), two strong vowels (leer), an accented weak one (día, país). */
const apart: Record<string, RegExp> = {
  es: /y(?=[aeiouáéíóúü])|(?<=[aeoáéó])(?=[aeoáéóíú])|(?<=[íú])(?=[aeoáéó])/g,
};

/** Groups of vowels, with the silent endings of the language left out. */
export function syllablesOf(lang: string, word: string): number {
  const split = word
    .toLowerCase()
    .normalize('NFC')
    .replace(apart[lang] ?? /$^/g, '-');
  const plain = split.normalize('NFD').replace(/\p{M}/gu, '');
  const spoken = plain.replace(silent[lang] ?? /$^/, '');
  return Math.max(1, (spoken.match(/[aeiouy]+/g) ?? []).length);
}
