// What a reviewer would otherwise have to look for in every text: words we never use about people or
// promise to them, a return that is no longer called voluntary, sentences too long or too hard.
import { fold } from '../flow/fold.ts';
import type { Content } from './content.ts';
import type { TextFinding } from './finding.ts';
import { mustSay } from './must-say.ts';
import { reading, sentences, wordsOf } from './readable.ts';
import { sourced } from './sources.ts';
import { inLocale } from './spot.ts';
import { leaves } from './tree.ts';

/** Words in a sentence. Other languages may need more of them for the same thought. */
const mostWords = { source: 15, others: 20 };

/** A sign that begins a line alone is read as noise: French sets a no-break space before : ; ? ! and inside « ». */
const spacing: Record<string, RegExp> = { fr: /[^\u00a0?!…][:;?!»](?=\s|$)|«[^\u00a0]/u };

type Report = (file: string, key: string, rule: string, message: string) => TextFinding;

/** Everything about single texts; `folder` is the locale folder. */
export function lint(content: Content, folder: string): TextFinding[] {
  const each = content.flow.languages.flatMap((lang) => {
    const report: Report = (file, key, rule, message) => ({
      rule,
      where: inLocale(folder, lang, file, key),
      message: `${lang} ${file}.${key} ${message}`,
    });
    return [...phrases(content, lang, report), ...plainness(content, lang, report)];
  });
  return [...each, ...mustSay(content, folder), ...sourced(content, folder)];
}

/** Texts people read in the chat: file, dotted key, words. */
function chatTexts({ flow, catalog }: Content, lang: string): [file: string, key: string, text: string][] {
  const files = [...new Set(Object.values(flow.steps).map((step) => step.file)), 'common', 'chat', 'link'];
  return files.flatMap((file) =>
    leaves(catalog.tree(lang, file) ?? {}).flatMap(([key, text]): [string, string, string][] =>
      typeof text === 'string' ? [[file, key, text]] : [],
    ),
  );
}

type Forbidden = { phrases: string[]; allowed: Record<string, string[]>; only?: Record<string, string[]> };

const times = (text: string, phrase: string) => text.split(` ${phrase} `).length - 1;
/** Neighbouring words share the blank between them, so each blank is doubled before counting. */
const counted = (text: string) => ` ${fold(text).replace(/ /g, '  ')} `;
const wide = (phrase: string) => fold(phrase).replace(/ /g, '  ');

/** `forbidden.json`: phrases no text may hold but for the keys named, and words that may stand only within longer ones. */
function phrases(content: Content, lang: string, report: Report): TextFinding[] {
  const list = content.catalog.tree(lang, 'forbidden') as Forbidden | undefined;
  if (list === undefined) return [report('forbidden', '', 'P21', 'is missing')];
  const texts = chatTexts(content, lang);
  const names = new Set(texts.map(([file, key]) => `${file}.${key}`));
  const findings = Object.entries(list.allowed).flatMap(([phrase, keys]) => [
    ...(list.phrases.includes(phrase) || list.only?.[phrase] !== undefined
      ? []
      : [report('forbidden', `allowed.${phrase}`, 'P21', 'allows a phrase that is not forbidden')]),
    ...keys
      .filter((key) => !names.has(key))
      .map((key) => report('forbidden', `allowed.${phrase}`, 'P21', `names ${key}, which does not exist`)),
  ]);
  const never = list.phrases.map((phrase) => ({ phrase, folded: ` ${wide(phrase)} ` }));
  const only = Object.entries(list.only ?? {}).map(([phrase, longer]) => ({
    phrase,
    folded: wide(phrase),
    longer,
    within: longer.map(wide),
  }));
  for (const [file, key, text] of texts) {
    const said = counted(text);
    const allowed = (phrase: string) => list.allowed[phrase]?.includes(`${file}.${key}`);
    for (const { phrase, folded } of never)
      if (said.includes(folded) && !allowed(phrase)) findings.push(report(file, key, 'P21', `says "${phrase}"`));
    for (const { phrase, folded, longer, within } of only) {
      if (allowed(phrase)) continue;
      const inside = within.reduce((sum, one) => sum + times(said, one), 0);
      if (times(said, folded) > inside) findings.push(report(file, key, 'P21', `says "${phrase}" outside of "${longer.join('", "')}"`));
    }
  }
  return findings;
}

function plainness(content: Content, lang: string, report: Report): TextFinding[] {
  const most = lang === content.flow.languages[0] ? mostWords.source : mostWords.others;
  return chatTexts(content, lang).flatMap(([file, key, text]) => {
    const findings: TextFinding[] = [];
    const long = sentences(text).map((one) => wordsOf(one).length);
    for (const words of long)
      if (words > most) findings.push(report(file, key, 'P19', `has a sentence of ${words} words; ${most} are the most`));
    const level = reading(lang, text);
    if (level?.harder)
      findings.push(report(file, key, 'P19', `is hard to read: ${level.name} ${level.score.toFixed(1)}, the limit is ${level.limit}`));
    const loose = spacing[lang]?.exec(text)?.[0];
    if (loose !== undefined) findings.push(report(file, key, 'P19', `needs a no-break space in "${loose}"`));
    if (/[\u202a-\u202e]/.test(text))
      findings.push(report(file, key, 'P19', 'holds an override of direction; the renderer sets its own marks'));
    return findings;
  });
}
