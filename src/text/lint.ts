// What a reviewer would otherwise have to count: lengths, labels that could be mistaken for each other
// or for a command, and words we never use about people or promise to them.
import { join } from 'node:path';
import type { Flow } from '../flow/definition.ts';
import { fold } from '../flow/fold.ts';
import { options } from '../flow/options.ts';
import { leaves } from './catalog.ts';
import type { Content } from './content.ts';
import { label, listOf } from './labels.ts';
import { mostText } from './render.ts';

const mostLabel = 24;
const mostFirst = 400;

export function lint(content: Content, folder: string): string[] {
  return content.flow.languages.flatMap((lang) => {
    const at = (file: string, key: string, message: string) => `${join(folder, lang, `${file}.json`)}: ${key} ${message}`;
    return [...lengths(content, lang, at), ...labels(content, lang, at), ...forbidden(content, lang, at)];
  });
}

type At = (file: string, key: string, message: string) => string;

const flowFiles = (flow: Flow) => new Set(Object.values(flow.steps).map((step) => step.file));

/** Texts with the operator's values in them; contact lists may become several messages and are not counted. */
function lengths({ flow, catalog, values }: Content, lang: string, at: At): string[] {
  const findings: string[] = [];
  for (const file of flowFiles(flow))
    for (const [key] of leaves(catalog.tree(lang, file))) {
      const text = catalog.text(lang, file, key, { ...values(lang), ref: 'WWW-WWW', days: '30', contacts: '', country: '' });
      if (key.includes('.options.') || key.endsWith('.title')) {
        if (text.length > mostLabel) findings.push(at(file, key, `has ${text.length} characters; a label has at most ${mostLabel}`));
      } else if (text.length > mostText) findings.push(at(file, key, `has ${text.length} characters; one screen has at most ${mostText}`));
      if (/[\u202a-\u202e]/.test(text)) findings.push(at(file, key, 'holds an override of direction; use isolates'));
    }
  const first = Object.values(flow.steps).find((step) => step.ref === flow.entry.replace(/\/.*/, '/hello'));
  if (first !== undefined) {
    const text = catalog.text(lang, first.file, 'say.hello', values(lang));
    if (text.length > mostFirst)
      findings.push(at(first.file, 'say.hello', `has ${text.length} characters; the first message has at most ${mostFirst}`));
  }
  return findings;
}

/** A label must lead to its option alone, whether tapped or typed. */
function labels({ flow, catalog, words }: Content, lang: string, at: At): string[] {
  const findings: string[] = [];
  for (const step of Object.values(flow.steps)) {
    if (step.ask === undefined && step.menu === undefined && !step.review) continue;
    if (listOf(flow, step) !== null) continue;
    const seen = new Map<string, string>();
    for (const code of options(flow, { ...anybody, lang }, step, {})) {
      const words_ = label(flow, catalog, lang, step, code);
      const folded = fold(words_);
      const key = `steps.${step.ref.slice(step.file.length + 1)}.options.${code}`;
      const twin = seen.get(folded);
      if (twin !== undefined) findings.push(at(step.file, key, `reads like the label of ${twin}`));
      seen.set(folded, code);
      if (words.interrupts.has(folded)) findings.push(at(step.file, key, `is the command word "${words_}"`));
      const crisis = words.crisis.find((one) => one.phrases.some((phrase) => ` ${folded} `.includes(` ${phrase} `)));
      if (crisis !== undefined) findings.push(at(step.file, key, `holds a crisis phrase (${crisis.group})`));
    }
  }
  return findings;
}

/** `forbidden.json`: phrases that no text may hold, but for keys that need one to deny it. */
function forbidden({ flow, catalog }: Content, lang: string, at: At): string[] {
  const list = catalog.tree(lang, 'forbidden') as { phrases: string[]; allowed: Record<string, string[]> } | undefined;
  if (list === undefined) return [at('forbidden', '', 'the file is missing')];
  const phrases = list.phrases.map((phrase) => ({ phrase, folded: fold(phrase) }));
  return [...flowFiles(flow), 'common', 'chat'].flatMap((file) =>
    leaves(catalog.tree(lang, file) ?? {}).flatMap(([key, text]) => {
      if (typeof text !== 'string') return [];
      const folded = ` ${fold(text)} `;
      return phrases
        .filter(({ phrase, folded: words }) => folded.includes(` ${words} `) && !list.allowed[phrase]?.includes(`${file}.${key}`))
        .map(({ phrase }) => at(file, key, `says "${phrase}"`));
    }),
  );
}

const anybody = {
  ...{ version: 0, hash: '', lang: '', from: { step: '', picks: {} }, picks: {}, answers: {}, detour: null },
  ...{ marked: [], page: 0, tries: 0, seq: 0, asked: 0, done: null },
};
