// Facts that come from somebody else's publication (R29): `locales/sources.json` says for each such text
// which source, its date, who said it and when it was last looked up. The text itself must show the last.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from './content.ts';
import type { TextFinding } from './finding.ts';
import { asRecord } from './forms.ts';
import { brokenJson, inLocale, spot } from './spot.ts';
import { leaves } from './tree.ts';

type Source = { source?: unknown; date?: unknown; speaker?: unknown; checked?: unknown };

const date = /^(undated|\d{4}(-\d\d(-\d\d)?)?)$/;
/** How a text of the first language gives away that it repeats a source. */
const repeats = /\b(?:IOM|UNHCR) (?:said|reported|announced)\b|\(Checked /;

export function sourced(content: Content, folder: string): TextFinding[] {
  const path = join(folder, 'sources.json');
  let sources: Record<string, Source>;
  try {
    const parsed = asRecord(JSON.parse(readFileSync(path, 'utf8'))) ?? {};
    sources = Object.fromEntries(Object.entries(parsed).map(([name, source]) => [name, asRecord(source) ?? {}]));
  } catch (error) {
    return [{ rule: 'P18', ...brokenJson(path, error) }];
  }
  const { catalog, flow } = content;
  const [first = 'en', ...others] = flow.languages;
  const findings = Object.entries(sources).flatMap(([name, source]): TextFinding[] => {
    const at = (message: string) => ({ rule: 'P18', where: spot(path, [name]), message: `${name} ${message}` });
    const [file = '', ...rest] = name.split('.');
    const key = rest.join('.');
    if (!catalog.has(first, file, key)) return [at('is not the key of a text')];
    const wrong = [
      ...(typeof source.source === 'string' && source.source !== '' ? [] : ['has no source']),
      ...(date.test(String(source.date)) ? [] : ['has no date: a year, a month, a day, or "undated"']),
      ...(typeof source.speaker === 'string' && source.speaker !== '' ? [] : ['has no speaker']),
      ...(/^\d{4}-\d\d-\d\d$/.test(String(source.checked)) ? [] : ['has no day on which it was checked']),
    ];
    if (wrong.length > 0) return wrong.map(at);
    const shown = [...(source.date === 'undated' ? [] : [String(source.date).slice(0, 4)]), ...dayAndYear(String(source.checked))];
    return [first, ...others].flatMap((lang) => {
      const text = catalog.text(lang, file, key);
      return shown
        .filter((part) => !new RegExp(`(?<!\\d)${part}(?!\\d)`).test(text))
        .map((part) => ({
          rule: 'P18',
          where: inLocale(folder, lang, file, key),
          message: `${lang} ${name} does not show ${part}, as its source entry says`,
        }));
    });
  });
  const files = [...new Set(Object.values(flow.steps).map((step) => step.file))];
  for (const file of files)
    for (const [key, text] of leaves(catalog.tree(first, file) ?? {}))
      if (typeof text === 'string' && repeats.test(text) && sources[`${file}.${key}`] === undefined)
        findings.push({
          rule: 'P18',
          where: inLocale(folder, first, file, key),
          message: `${first} ${file}.${key} repeats a source but has no entry in sources.json`,
        });
  return findings;
}

const dayAndYear = (iso: string): string[] => [String(Number(iso.slice(8))), iso.slice(0, 4)];
