// Every language says what the first says: the same keys, the same inserted values, and each plural in
// all the forms the language has. Half a translation is found here, before anybody meets it.
import { join } from 'node:path';
import { pluralEnding, pluralForms } from './plural.ts';
import { inLocale } from './spot.ts';
import { leaves, type Tree } from './tree.ts';

/** Words people type or we never say: written anew for each language, so that their keys may differ. */
const wordLists = new Set(['interrupts', 'crisis', 'topics', 'forbidden', 'required']);
/** A language may do without: a draft has no `review`, and other words for an answer (`answers`) are a help only. */
const notes = new Set(['review', 'answers']);

const placeholders = (text: string): string =>
  [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)]
    .map((match) => match[1] ?? '')
    .sort()
    .join(' ');

/** `resources`: language, file, tree. The first language is the source of the others. */
export function compare(folder: string, languages: string[], resources: Record<string, Record<string, Tree>>): string[] {
  const findings: string[] = [];
  const [source, ...others] = languages;
  if (source === undefined) return ['no language is configured'];
  for (const [file, tree] of Object.entries(resources[source] ?? {})) {
    if (notes.has(file)) continue;
    findings.push(...plurals(folder, source, source, file, tree, tree));
    for (const lang of others) {
      const found = resources[lang]?.[file];
      if (found === undefined) findings.push(`${join(folder, lang, `${file}.json`)}: P18 the file is missing`);
      else if (!wordLists.has(file))
        findings.push(...sameTexts(folder, lang, source, file, found, tree), ...plurals(folder, lang, source, file, found, tree));
    }
  }
  for (const lang of others)
    for (const file of Object.keys(resources[lang] ?? {}))
      if (resources[source]?.[file] === undefined && !notes.has(file))
        findings.push(`${join(folder, lang, `${file}.json`)}: P18 ${source} has no such file`);
  return findings;
}

const optional = (file: string, key: string) => file === 'lists' && key.endsWith('.also');

function sameTexts(folder: string, lang: string, source: string, file: string, found: Tree, tree: Tree): string[] {
  const findings: string[] = [];
  const say = (key: string, message: string) => findings.push(`${inLocale(folder, lang, file, key)}: P18 ${key} ${message}`);
  const wanted = new Map(leaves(tree));
  const have = new Map(leaves(found));
  for (const [key, text] of wanted) {
    const other = have.get(key);
    if (pluralEnding.test(key) || optional(file, key)) continue;
    if (other === undefined) say(key, 'is missing');
    else if (typeof text !== typeof other) say(key, `is not of the same form as in ${source}`);
    else if (typeof text === 'string' && typeof other === 'string') {
      if (other.trim() === '' && text.trim() !== '') say(key, 'is empty');
      if (placeholders(text) !== placeholders(other)) say(key, `has other placeholders than ${source} (${placeholders(text) || 'none'})`);
    }
  }
  for (const key of have.keys()) if (!pluralEnding.test(key) && !optional(file, key) && !wanted.has(key)) say(key, `is not in ${source}`);
  return findings;
}

/** A key that ends like a plural form stands for a number: all forms of the language are needed, and no others. */
function plurals(folder: string, lang: string, source: string, file: string, found: Tree, tree: Tree): string[] {
  const findings: string[] = [];
  const have = new Map(leaves(found));
  const inSource = new Map(leaves(tree));
  const forms = pluralForms(lang);
  const counted = new Set(
    [...inSource.keys(), ...have.keys()].filter((key) => pluralEnding.test(key)).map((key) => key.replace(pluralEnding, '')),
  );
  for (const key of counted) {
    const at = (form: string) => inLocale(folder, lang, file, have.has(`${key}_${form}`) ? `${key}_${form}` : `${key}_other`);
    if (inSource.get(`${key}_other`) === undefined) findings.push(`${at('other')}: P18 ${key} is not counted in ${source}`);
    for (const form of forms) {
      const text = have.get(`${key}_${form}`);
      if (text === undefined) findings.push(`${at(form)}: P18 ${key}_${form} is missing: ${lang} has the plural forms ${forms.join(', ')}`);
      // "One day" needs no figure.
      else if (typeof text === 'string' && placeholders(text) !== 'count' && (form === 'other' || form === 'many' || form === 'few'))
        findings.push(`${at(form)}: P18 ${key}_${form} needs {{count}}`);
    }
    for (const form of ['zero', 'one', 'two', 'few', 'many', 'other'])
      if (!forms.includes(form) && have.has(`${key}_${form}`))
        findings.push(`${at(form)}: P18 ${key}_${form}: ${lang} has no such plural form`);
  }
  return findings;
}
