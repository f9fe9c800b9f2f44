// Reads the locale folders into i18next. A missing key, a lost placeholder or a broken file is a
// finding, and all findings are reported at once: nobody may meet half a translation.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type i18n } from 'i18next';

export type Values = Record<string, string>;

export type Catalog = {
  languages: string[];
  /** The text of `file` at the dotted `key`. Throws on a key that no language has: that is a defect, never a silent blank. */
  text(lang: string, file: string, key: string, values?: Values): string;
  has(lang: string, file: string, key: string): boolean;
  /** The raw tree of a file, for word lists. */
  tree(lang: string, file: string): unknown;
  direction(lang: string): 'ltr' | 'rtl';
};

const rightToLeft = new Set(['ar', 'fa', 'prs', 'ps', 'ur', 'ckb', 'kmr-Arab']);

type Tree = { [key: string]: Tree | string | string[] };

/** Dotted paths of all leaves. */
export function leaves(tree: unknown, path = ''): [string, unknown][] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return [[path, tree]];
  return Object.entries(tree).flatMap(([key, below]) => leaves(below, path === '' ? key : `${path}.${key}`));
}

/** Loads `folder` for these languages, the first being the source of all others. */
export async function loadCatalog(folder: string, languages: string[]): Promise<{ catalog: Catalog; findings: string[] }> {
  const findings: string[] = [];
  const resources: Record<string, Record<string, Tree>> = {};
  for (const lang of languages) {
    const files: Record<string, Tree> = {};
    resources[lang] = files;
    let names: string[] = [];
    try {
      names = readdirSync(join(folder, lang))
        .filter((name) => name.endsWith('.json'))
        .sort();
    } catch {
      findings.push(`${join(folder, lang)}: the folder of this language is missing`);
    }
    for (const name of names) {
      try {
        files[name.slice(0, -5)] = JSON.parse(readFileSync(join(folder, lang, name), 'utf8'));
      } catch (error) {
        findings.push(`${join(folder, lang, name)}: ${error instanceof Error ? error.message : 'not readable'}`);
      }
    }
  }
  findings.push(...compare(folder, languages, resources));

  const instance: i18n = i18next.createInstance();
  await instance.init({
    resources,
    lng: languages[0] ?? 'en',
    fallbackLng: false,
    ns: Object.keys(resources[languages[0] ?? 'en'] ?? {}),
    interpolation: { escapeValue: false },
    keySeparator: '.',
    returnNull: false,
    initAsync: false,
  });
  const catalog: Catalog = {
    languages,
    text(lang, file, key, values) {
      if (!instance.exists(key, { lng: lang, ns: file })) throw new Error(`no text ${lang}/${file}.json ${key}`);
      return instance.t(key, { lng: lang, ns: file, ...values });
    },
    has: (lang, file, key) => instance.exists(key, { lng: lang, ns: file }),
    tree: (lang, file) => resources[lang]?.[file],
    direction: (lang) => (rightToLeft.has(lang) ? 'rtl' : 'ltr'),
  };
  return { catalog, findings };
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)]
    .map((match) => match[1] ?? '')
    .sort()
    .join(' ');
const wordLists = new Set(['interrupts', 'crisis', 'topics', 'forbidden', 'lists', 'review']);

/** Every language has the keys and placeholders of the first; word lists may differ in their words. */
function compare(folder: string, languages: string[], resources: Record<string, Record<string, Tree>>): string[] {
  const findings: string[] = [];
  const [source, ...others] = languages;
  if (source === undefined) return ['no language is configured'];
  for (const [file, tree] of Object.entries(resources[source] ?? {})) {
    const wanted = new Map(leaves(tree));
    for (const lang of others) {
      const at = join(folder, lang, `${file}.json`);
      const found = resources[lang]?.[file];
      if (found === undefined) {
        findings.push(`${at}: the file is missing`);
        continue;
      }
      if (wordLists.has(file) && file !== 'lists') continue;
      const have = new Map(leaves(found));
      for (const [key, text] of wanted) {
        const other = have.get(key);
        if (other === undefined) {
          if (!(file === 'lists' && key.endsWith('.also'))) findings.push(`${at}: ${key} is missing`);
        } else if (typeof text === 'string' && typeof other === 'string' && placeholders(text) !== placeholders(other))
          findings.push(`${at}: ${key} has other placeholders than ${source} (${placeholders(text) || 'none'})`);
      }
      for (const key of have.keys())
        if (!wanted.has(key) && !(file === 'lists' && key.endsWith('.also'))) findings.push(`${at}: ${key} is not in ${source}`);
    }
  }
  for (const lang of others)
    for (const file of Object.keys(resources[lang] ?? {}))
      if (resources[source]?.[file] === undefined) findings.push(`${join(folder, lang, `${file}.json`)}: ${source} has no such file`);
  return findings;
}
