// Loads everything an operator can change: flows, locales, operator file, programme packs. Either all
// of it is right, or nothing starts and every finding is told.
import { join } from 'node:path';
import type { Flow } from '../flow/definition.ts';
import type { Operator } from '../flow/operator.ts';
import { generic, type Programme } from '../flow/programme.ts';
import type { Words } from '../flow/understand.ts';
import { type Catalog, loadCatalog, type Values } from './catalog.ts';
import { consentTexts } from './consent.ts';
import { link } from './link.ts';
import { missingTexts } from './missing.ts';
import { places } from './places.ts';
import { readFiles } from './read.ts';
import { draftLanguages } from './review.ts';
import { operatorValues } from './values.ts';
import { makeWords, plainWords } from './words.ts';

export type Content = {
  flow: Flow;
  catalog: Catalog;
  words: Words;
  operator: Operator;
  programmes: Map<string, Programme>;
  /** The file of a country, else the generic one; what the first leaves empty the second never fills. */
  packOf: (country: string | null | undefined) => Programme | undefined;
  /** Operator values per language. */
  values: (lang: string) => Values;
  /** Languages whose consent or safety texts nobody has signed as they are now. */
  drafts: string[];
  /** `file:line:col` of a step, a field, or a dotted path of common.yaml. */
  where: (ref: string) => string;
};

export async function loadContent(flows: string, locales: string, mode: 'demo' | 'production'): Promise<Content | { findings: string[] }> {
  const files = readFiles(flows);
  if ('findings' in files) return files;
  const linked = link(files);
  const languages = files.common.value.languages;
  const { catalog, findings } = await loadCatalog(locales, languages);
  if ('findings' in linked) return { findings: [...linked.findings, ...findings] };
  findings.push(...missingTexts(linked, catalog, locales));
  if (findings.length > 0) return { findings };
  const operator = files.operator.value;
  const drafts = draftLanguages(linked, catalog);
  const all = new Map(languages.map((lang) => [lang, operatorValues(operator, catalog, lang, mode, drafts.includes(lang))]));
  const values = (lang: string) => all.get(lang) ?? {};
  const flow: Flow = Object.freeze({ ...linked, consentText: consentTexts(linked, catalog, values) });
  const packs = [...files.programmes.values()].map(({ value }) => value);
  const programmes = new Map(packs.flatMap((pack) => (pack.country === generic ? [] : [[pack.country, pack]])));
  const elsewhere = packs.find(({ country }) => country === generic);
  return {
    flow,
    catalog,
    words: makeWords(flow, catalog, plainWords(join(locales, 'yes-no.json'))),
    operator,
    programmes,
    packOf: (country) => programmes.get(country ?? '') ?? elsewhere,
    values,
    drafts,
    where: places(files),
  };
}
