// Every text the flow can show must exist in the first language; `catalog.ts` then makes sure that all
// other languages have the same keys.
import type { Flow } from '../flow/definition.ts';
import { options } from '../flow/options.ts';
import type { Catalog } from './catalog.ts';
import { listOf } from './labels.ts';
import { inLocale } from './spot.ts';
import { leaves } from './tree.ts';

const chrome = [
  'language',
  'about.draft',
  'numbers.hint',
  'recap.answer',
  'recap.skipped',
  'recap.given',
  'recap.partner',
  'recap.without-partner',
  'contacts.line',
  'message.from',
  'message.closed',
  'message.erased',
  'message.unanswered',
  'contacts.none',
  'contacts.elsewhere',
  'contacts.missing',
  'contacts.unverified',
  'hours.always',
  'hours.opening',
  'hours.days',
  'hours.times',
  'hours.time',
  'support.none',
  'support.stale',
  'support.line',
  'support.checked',
  'support.no-waiting',
];
const buttons = ['back', 'person', 'urgent', 'skip', 'more', 'done', 'change'];
/** Texts with a number, in the plural forms of each language. */
const counted = ['days'];
const commands = ['help', 'language', 'human', 'sos', 'stop', 'delete', 'back', 'about', 'short'];
const notices = ['closed', 'unclear', 'media', 'edited', 'which', 'invalid', 'slow', 'problem'];

/** Findings for missing keys and for keys of flow files that nothing shows. */
export function missingTexts(flow: Flow, catalog: Catalog, folder: string): string[] {
  const lang = flow.languages[0] ?? 'en';
  const findings: string[] = [];
  const used = new Map<string, Set<string>>();
  const need = (file: string, key: string) => {
    used.set(file, (used.get(file) ?? new Set()).add(key));
    if (!catalog.has(lang, file, key)) findings.push(`${inLocale(folder, lang, file, key)}: P18 ${key} is missing`);
  };
  for (const key of chrome) need('common', key);
  for (const key of counted) if (!catalog.has(lang, 'common', `${key}_other`)) need('common', `${key}_other`);
  for (const key of buttons) need('common', `buttons.${key}`);
  for (const key of commands) need('common', `commands.${key}`);
  for (const key of notices) need('common', `notices.${key}`);

  const covers = Object.values(flow.fields).flatMap((field) => (field.type === 'choice' ? (field.covers ?? []) : []));
  const titled = (ref: string, ask: string | undefined) =>
    covers.some((item) => item === ref || item === ask || (item.endsWith('/*') && ref.startsWith(item.slice(0, -1))));
  for (const step of Object.values(flow.steps)) {
    const name = step.ref.slice(step.file.length + 1);
    for (const key of step.say) need(step.file, `say.${key}`);
    const field = step.ask === undefined ? undefined : flow.fields[step.ask];
    const waits = step.menu ?? step.ask ?? step.pick ?? step.review ?? step.write ?? step.language;
    if (waits === undefined) continue;
    need(step.file, `steps.${name}.ask`);
    if (titled(step.ref, step.ask) && (step.menu !== undefined || step.pick !== undefined || step.ask !== undefined))
      need(step.file, `steps.${name}.title`);
    const listed = listOf(flow, step);
    const codes = listed !== null ? [] : options(flow, nobody, step, {}).filter((code) => !code.startsWith('~') && code !== 'skip');
    if (!step.language) for (const code of codes) need(step.file, `steps.${name}.options.${code}`);
    if (listed !== null) for (const code of flow.lists[listed] ?? []) need('lists', `${listed}.${code}.name`);
    // Texts that only some steps have, and options with words of their own instead of the common ones.
    for (const extra of [
      `steps.${name}.options.skip`,
      `steps.${name}.options.change`,
      ...(field?.type === 'phone' ? [`steps.${name}.invalid`] : []),
    ])
      if (catalog.has(lang, step.file, extra)) need(step.file, extra);
  }
  const files = new Set(Object.values(flow.steps).map((step) => step.file));
  for (const file of files)
    for (const [key] of leaves(catalog.tree(lang, file) ?? {}))
      if (!used.get(file)?.has(key)) findings.push(`${inLocale(folder, lang, file, key)}: P18 ${key} is shown nowhere`);
  return findings;
}

const nobody = {
  version: 0,
  hash: '',
  lang: '',
  from: { step: '', picks: {} },
  picks: {},
  answers: {},
  detour: null,
  marked: [],
  page: 0,
  tries: 0,
  seq: 0,
  asked: 0,
  done: null,
};
