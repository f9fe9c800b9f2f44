// Reads the locale folders into i18next. A missing key, a lost placeholder or a broken file is a
// finding, and all findings are reported at once: nobody may meet half a translation.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type i18n } from 'i18next';
import { compare } from './compare.ts';
import { asRecord, wrongForm } from './forms.ts';
import { pluralForm } from './plural.ts';
import { brokenJson } from './spot.ts';
import { leaves, type Tree } from './tree.ts';

export type Values = Record<string, string>;

export type Catalog = {
  languages: string[];
  /** The text of `file` at the dotted `key`; values are only asked for where it has places for them. Throws on a key that no language has: that is a defect, never a silent blank. */
  text(lang: string, file: string, key: string, values?: Values | (() => Values)): string;
  /** The form of a text that fits this number, which is its `{{count}}`. */
  count(lang: string, file: string, key: string, count: number): string;
  has(lang: string, file: string, key: string): boolean;
  /** The raw tree of a file, for word lists. */
  tree(lang: string, file: string): unknown;
  direction(lang: string): 'ltr' | 'rtl';
};

const rightToLeft = new Set(['ar', 'fa', 'prs', 'ps', 'ur', 'ckb', 'kmr-Arab']);

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
      const path = join(folder, lang, name);
      try {
        const tree: unknown = JSON.parse(readFileSync(path, 'utf8'));
        const wrong = asRecord(tree) === null ? [`${path}:1:1: not a locale file`] : wrongForm(folder, lang, name.slice(0, -5), tree);
        findings.push(...wrong);
        if (wrong.length === 0) files[name.slice(0, -5)] = tree as Tree;
      } catch (error) {
        const { where, message } = brokenJson(path, error);
        findings.push(`${where}: ${message}`);
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
  const texts = new Map(
    languages.flatMap((lang) => Object.entries(resources[lang] ?? {}).map(([file, tree]) => [`${lang} ${file}`, new Map(leaves(tree))])),
  );
  const catalog: Catalog = {
    languages,
    text(lang, file, key, values) {
      const text = texts.get(`${lang} ${file}`)?.get(key);
      if (text === undefined) throw new Error(`no text ${lang}/${file}.json ${key}`);
      const given = () => (typeof values === 'function' ? values() : (values ?? {}));
      // Nearly every text is a sentence with a few names in it, and a screen is made of many.
      if (typeof text === 'string' && !text.includes('$t('))
        return values === undefined ? text : text.replace(/\{\{([^{}]+)\}\}/g, (_, name: string) => given()[name.trim()] ?? '');
      return instance.t(key, { lng: lang, ns: file, ...given() });
    },
    count: (lang, file, key, count) => catalog.text(lang, file, `${key}_${pluralForm(lang, count)}`, { count: String(count) }),
    has: (lang, file, key) => texts.get(`${lang} ${file}`)?.has(key) === true,
    tree: (lang, file) => resources[lang]?.[file],
    direction: (lang) => (rightToLeft.has(lang) ? 'rtl' : 'ltr'),
  };
  return { catalog, findings };
}
