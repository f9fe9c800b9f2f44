// Which texts somebody has read who speaks the language and knows protection work, and whether they still
// say what was read (R18). `review.json` keeps fingerprints, a role and a day; never a name.
import { createHash } from 'node:crypto';
import type { Flow } from '../flow/definition.ts';
import type { Catalog } from './catalog.ts';
import { pluralEnding } from './plural.ts';
import { leaves } from './tree.ts';

export type SignOff = {
  /** Fingerprint of the sentence in the first language. */
  source: string;
  /** Fingerprint of the text itself. */
  text: string;
  role: string;
  /** ISO date. */
  date: string;
};
export type ReviewState = 'reviewed' | 'stale' | 'draft';
type Text = { file: string; key: string; name: string; source: string; text: string };

/** Written anew in each language, so that a changed English word makes none of them stale. */
const wordLists = ['crisis', 'interrupts', 'topics', 'answers'];

const fingerprint = (words: unknown): string => createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 12);

/** Everything a reader of this language signs: what people read, what the desk reads, what people may type. */
export function reviewable(flow: Flow, catalog: Catalog, lang: string): Text[] {
  const [source = lang] = flow.languages;
  const files = [...new Set(Object.values(flow.steps).map((step) => step.file)), 'common', 'chat', 'console', 'link', ...wordLists];
  return files.flatMap((file) => {
    const inSource = new Map(leaves(catalog.tree(source, file) ?? {}));
    return leaves(catalog.tree(lang, file) ?? {}).map(([key, words]) => {
      const own = fingerprint(words);
      const other = inSource.get(key) ?? inSource.get(key.replace(pluralEnding, '_other'));
      return { file, key, name: `${file}.${key}`, source: wordLists.includes(file) ? own : fingerprint(other), text: own };
    });
  });
}

export function stateOf(review: Record<string, Partial<SignOff>>, { name, source, text }: Text): ReviewState {
  const signed = review[name];
  if (typeof signed?.role !== 'string' || typeof signed.date !== 'string') return 'draft';
  return signed.source === source && signed.text === text ? 'reviewed' : 'stale';
}

export const reviewOf = (catalog: Catalog, lang: string) => (catalog.tree(lang, 'review') ?? {}) as Record<string, Partial<SignOff>>;

/** Files whose words decide about somebody's safety: consents, what is private, and what the interrupts show. */
export function safetyFiles(flow: Flow): Set<string> {
  const consents = Object.values(flow.steps).filter((step) => step.ask !== undefined && flow.fields[step.ask]?.data === 'consent');
  const asides = Object.values(flow.interrupts).flatMap(({ go, byWord }) => [go, ...Object.values(byWord)]);
  const files = [...consents.map((step) => step.file), ...flow.private, ...asides.map((ref) => flow.steps[ref]?.file ?? '')];
  return new Set([...files, 'common', 'crisis', 'interrupts']);
}

/** Languages in which a consent or safety text is a draft or stale. */
export function draftLanguages(flow: Flow, catalog: Catalog): string[] {
  const safety = safetyFiles(flow);
  return flow.languages.filter((lang) => {
    const review = reviewOf(catalog, lang);
    return reviewable(flow, catalog, lang).some((text) => safety.has(text.file) && stateOf(review, text) !== 'reviewed');
  });
}
