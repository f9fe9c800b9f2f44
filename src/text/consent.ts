// What exactly a person agrees to, as a hash: the consent step's texts, question and options in one
// language with the operator's values in them. A changed word or funder asks for consent again.
import { createHash } from 'node:crypto';
import type { Flow } from '../flow/definition.ts';
import type { Catalog, Values } from './catalog.ts';
import { label } from './labels.ts';

/** Field, then language: first 12 hex digits of SHA-256. */
export function consentTexts(flow: Flow, catalog: Catalog, values: (lang: string) => Values): Flow['consentText'] {
  const texts: Flow['consentText'] = {};
  for (const step of Object.values(flow.steps)) {
    const field = step.ask === undefined ? undefined : flow.fields[step.ask];
    if (step.ask === undefined || field?.type !== 'choice' || field.data !== 'consent') continue;
    const byLanguage: Record<string, string> = {};
    for (const lang of flow.languages) {
      const words = [
        ...step.say.map((key) => catalog.text(lang, step.file, `say.${key}`, values(lang))),
        catalog.text(lang, step.file, `steps.${step.ref.slice(step.file.length + 1)}.ask`, values(lang)),
        ...field.values.map((value) => label(flow, catalog, lang, step, value)),
      ];
      byLanguage[lang] = createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 12);
    }
    texts[step.ask] = byLanguage;
  }
  return texts;
}
