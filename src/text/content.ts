// Loads everything an operator can change: flows, locales, operator file, programme packs. Either all
// of it is right, or nothing starts and every finding is told.
import { join } from 'node:path';
import type { Flow } from '../flow/definition.ts';
import type { Operator } from '../flow/operator.ts';
import type { Programme } from '../flow/programme.ts';
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
  const programmes = new Map([...files.programmes].map(([country, { value }]) => [country, value]));
  return {
    flow,
    catalog,
    words: makeWords(flow, catalog, plainWords(join(locales, 'yes-no.json'))),
    operator,
    programmes,
    values,
    drafts,
    where: places(files),
  };
}
