// Labels and words that could be taken for each other. A label must lead to its option alone, a word to
// one meaning alone, in all languages at once: a person may write in another than the chat's.
import { fold } from '../flow/fold.ts';
import { options } from '../flow/options.ts';
import { crisisIn } from '../flow/understand.ts';
import type { Content } from '../text/content.ts';
import { label, listOf } from '../text/labels.ts';
import { inLocale } from '../text/spot.ts';
import type { Finding } from './finding.ts';
import { labelPlace, standing } from './standing.ts';

type Lists = Record<string, string[]>;

export function confusions(content: Content, folder: string, lang: string): Finding[] {
  return [...alike(content, folder, lang), ...twoMeanings(content, folder, lang)];
}

function alike(content: Content, folder: string, lang: string): Finding[] {
  const { flow, catalog, words } = content;
  const findings: Finding[] = [];
  for (const step of Object.values(flow.steps)) {
    const list = listOf(flow, step);
    const shown = list === null ? options(flow, standing(step, lang), step, {}) : [...(flow.lists[list] ?? []), 'skip', '~more'];
    const field = step.ask === undefined ? undefined : flow.fields[step.ask];
    const codes = field?.type === 'choices' ? [...shown, '~done'] : shown;
    const seen = new Map<string, string>();
    for (const code of new Set(codes)) {
      const said = label(flow, catalog, lang, step, code);
      const folded = fold(said);
      const at = (rule: string, message: string) =>
        findings.push({
          rule,
          where: labelPlace(content, folder, lang, step, code),
          message: `${lang} label "${said}" at ${step.ref} ${message}`,
        });
      const twin = seen.get(folded);
      if (twin !== undefined) at('P20', `reads like the label of ${twin}`);
      seen.set(folded, code);
      const interrupt = words.interrupts.get(folded);
      if (interrupt !== undefined) at('P8', `is the command word for ${interrupt}`);
      const crisis = crisisIn(said, words);
      if (crisis !== null) at('P8', `holds a crisis phrase (${crisis})`);
    }
  }
  return findings;
}

/** Word lists of this language against those of all. */
function twoMeanings({ flow, catalog, words }: Content, folder: string, lang: string): Finding[] {
  const findings: Finding[] = [];
  const at = (file: string, key: string, rule: string, message: string) =>
    findings.push({ rule, where: inLocale(folder, lang, file, key), message: `${lang} ${file}: ${message}` });
  const lists = (file: string) => Object.entries((catalog.tree(lang, file) ?? {}) as Lists);
  for (const [name, typed] of lists('interrupts'))
    for (const word of typed) {
      const meant = words.interrupts.get(fold(word)) ?? words.interrupts.get(word.trim());
      if (meant !== name) at('interrupts', name, 'P8', `"${word}" is also a word for ${meant}`);
      const crisis = crisisIn(word, words);
      if (crisis !== null && name !== 'urgent') at('interrupts', name, 'P8', `"${word}" holds a crisis phrase (${crisis})`);
    }
  const alarmed = { ...words, everyday: [] };
  for (const [group, phrases] of lists('crisis')) {
    if (group === 'everyday') {
      for (const phrase of phrases)
        if (crisisIn(phrase, alarmed) === null) at('crisis', group, 'P27', `"${phrase}" holds no crisis phrase`);
      continue;
    }
    if (flow.interrupts.urgent.byWord[group] === undefined) at('crisis', group, 'P27', `no screen for the group ${group}`);
    for (const phrase of phrases) if (fold(phrase) === '') at('crisis', group, 'P27', `"${phrase}" has nothing to compare`);
  }
  for (const [ref, codes] of Object.entries((catalog.tree(lang, 'answers') ?? {}) as Record<string, Lists>)) {
    const step = flow.steps[ref];
    const field = step?.ask === undefined ? undefined : flow.fields[step.ask];
    if (step === undefined || field?.data === 'consent') at('answers', ref, 'P20', `${ref} is no question that words may answer`);
    const offered = step === undefined ? [] : options(flow, standing(step, lang), step, {});
    for (const [code, typed] of Object.entries(codes)) {
      if (!offered.includes(code)) at('answers', ref, 'P20', `${ref} has no answer ${code}`);
      for (const word of typed) {
        const meant = words.labels(lang, ref).get(fold(word));
        const interrupt = words.interrupts.get(fold(word));
        if (meant !== code) at('answers', ref, 'P20', `"${word}" also means ${meant}`);
        if (interrupt === 'urgent' || interrupt === 'stop' || interrupt === 'delete' || crisisIn(word, words) !== null)
          at('answers', ref, 'P20', `"${word}" is a word that no answer may be`);
      }
    }
  }
  for (const [ref, typed] of lists('topics')) {
    const step = flow.steps[ref];
    if (step === undefined) at('topics', ref, 'P32', `no step ${ref}`);
    else if (step.ask !== undefined || step.handoff !== undefined || flow.private.includes(step.file))
      at('topics', ref, 'P32', `${ref} is not a page to read`);
    for (const word of typed) {
      const folded = fold(word);
      const meant = words.topics.get(folded);
      if (folded === '') at('topics', ref, 'P32', `"${word}" has nothing to compare`);
      else if (meant !== ref) at('topics', ref, 'P32', `"${word}" also leads to ${meant}`);
      if (words.interrupts.has(folded)) at('topics', ref, 'P32', `"${word}" is the command word for ${words.interrupts.get(folded)}`);
      const crisis = crisisIn(word, words);
      if (crisis !== null) at('topics', ref, 'P32', `"${word}" holds a crisis phrase (${crisis})`);
    }
  }
  return findings;
}
