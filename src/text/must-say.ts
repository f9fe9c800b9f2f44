// What must be said before somebody agrees to anything, and on a few other screens (domain: "must say").
// `locales/required.json` names the text that says it at each step; each language names the words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../flow/definition.ts';
import { fold } from '../flow/fold.ts';
import type { Content } from './content.ts';
import type { TextFinding } from './finding.ts';
import { asRecord } from './forms.ts';
import { brokenJson, inLocale, spot } from './spot.ts';

/** Before every consent that opens a request. */
const everyConsent = [
  ...['who-runs', 'who-pays', 'automatic', 'no-lawyer', 'choice', 'stop', 'who-sees', 'how-long', 'delete', 'controller'],
  ...['law', 'unchanged', 'afraid'],
];
/** Before the consent to return besides. */
const returnConsent = ['lawyer-first', 'case-ends', 'barred', 'until-you-leave', 'no-approval', 'no-right', 'signed-later'];
/** Said by inserting a value: what it says follows the operator file. */
const inserted: Record<string, string> = { 'who-runs': '{{about}}', 'who-pays': '{{money}}', controller: '{{controller}}' };

type Required = Record<string, Record<string, string>>;

export function mustSay(content: Content, folder: string): TextFinding[] {
  const path = join(folder, 'required.json');
  let required: Required;
  try {
    const parsed = asRecord(JSON.parse(readFileSync(path, 'utf8'))) ?? {};
    required = Object.fromEntries(Object.entries(parsed).map(([ref, items]) => [ref, (asRecord(items) ?? {}) as Record<string, string>]));
  } catch (error) {
    return [{ rule: 'P21', ...brokenJson(path, error) }];
  }
  const { flow, catalog } = content;
  const findings: TextFinding[] = flow.languages
    .filter((lang) => !catalog.text(lang, 'common', 'about.runs', { name: '\u0001' }).includes('\u0001'))
    .map((lang) => ({
      rule: 'P21',
      where: inLocale(folder, lang, 'common', 'about.runs'),
      message: `${lang} common.about.runs leaves out {{name}}`,
    }));
  for (const step of Object.values(flow.steps)) {
    const field = step.ask === undefined ? undefined : flow.fields[step.ask];
    const kind = field?.type === 'choice' && field.data === 'consent' ? field.kind : undefined;
    const items = kind === undefined ? [] : [...everyConsent, ...(kind === 'return' ? returnConsent : [])];
    for (const item of items)
      if (required[step.ref]?.[item] === undefined)
        findings.push({
          rule: 'P21',
          where: spot(path, [step.ref]),
          message: `${step.ref} asks for consent, but no text is named that says "${item}"`,
        });
  }
  for (const [ref, items] of Object.entries(required)) {
    const step = flow.steps[ref];
    if (step === undefined) findings.push({ rule: 'P21', where: spot(path, [ref]), message: `no step ${ref}` });
    else for (const [item, key] of Object.entries(items)) findings.push(...said(content, folder, step, item, String(key)));
  }
  return findings;
}

function said({ flow, catalog, where }: Content, folder: string, step: Step, item: string, key: string): TextFinding[] {
  const name = step.ref.slice(step.file.length + 1);
  const shown = [...step.say.map((one) => `say.${one}`), `steps.${name}.ask`];
  const own = key.slice(step.file.length + 1);
  if (!key.startsWith(`${step.file}.`) || !shown.includes(own))
    return [{ rule: 'P21', where: where(step.ref), message: `${step.ref} does not show ${key}, which says "${item}"` }];
  return flow.languages.flatMap((lang) => {
    const text = textOf(catalog.tree(lang, step.file), own);
    const value = inserted[item];
    const words = value === undefined ? (catalog.tree(lang, 'required') as Record<string, string[]> | undefined)?.[item] : [value];
    if (words === undefined || words.length === 0)
      return [
        { rule: 'P21', where: inLocale(folder, lang, 'required', item), message: `${lang} required.${item} names no words that say it` },
      ];
    const there = value === undefined ? words.some((one) => ` ${fold(text)} `.includes(` ${fold(one)} `)) : text.includes(value);
    if (there) return [];
    const wanted = value ?? `"${words.join('" or "')}"`;
    return [
      {
        rule: 'P21',
        where: inLocale(folder, lang, step.file, own),
        message: `${lang} ${key} must say ${wanted} (${item}, at ${step.ref})`,
      },
    ];
  });
}

/** As written, values not inserted. */
function textOf(tree: unknown, key: string): string {
  let here = tree;
  for (const part of key.split('.')) here = (here as Record<string, unknown> | undefined)?.[part];
  return typeof here === 'string' ? here : '';
}
