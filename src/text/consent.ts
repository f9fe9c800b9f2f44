// What exactly a person agrees to, as a hash: the consent step's texts, question and options in one
// language with the operator's values in them. A changed word or funder asks for consent again.
import { createHash } from 'node:crypto';
import type { Flow } from '../flow/definition.ts';
import type { Catalog, Values } from './catalog.ts';
import { label } from './labels.ts';

/** Field, then language: first 12 hex digits of SHA-256. */
export function consentTexts(flow: Flow, catalog: Catalog, values: (lang: string) => Values): Flow['consentText'] {
  const texts: Flow['consentText'] = {};
  for (const [name, field] of Object.entries(flow.fields)) {
    if (field.type !== 'choice' || field.data !== 'consent') continue;
    const hashes = flow.languages.map((lang) => [lang, consentHash(flow, catalog, lang, name, values(lang))]);
    texts[name] = Object.fromEntries(hashes);
  }
  return texts;
}

/** Everything a person reads before they agree, in one language, with these values inserted. */
export function consentWords(flow: Flow, catalog: Catalog, lang: string, name: string, values: Values): string[] {
  const field = flow.fields[name];
  const step = Object.values(flow.steps).find((one) => one.ask === name);
  if (step === undefined || field?.type !== 'choice') return [];
  return [
    ...step.say.map((key) => catalog.text(lang, step.file, `say.${key}`, values)),
    catalog.text(lang, step.file, `steps.${step.ref.slice(step.file.length + 1)}.ask`, values),
    ...field.values.map((value) => label(flow, catalog, lang, step, value)),
  ];
}

/** Of these words. */
export function consentHash(flow: Flow, catalog: Catalog, lang: string, name: string, values: Values): string {
  const words = consentWords(flow, catalog, lang, name, values);
  return words.length === 0 ? '' : createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 12);
}
