// `npm run review -- LANG --role ROLE [--file FILE]`: records that a reader in this role has read the texts
// of a language, or of one file, as they are today. Without a role it only tells how things stand.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { refuse } from '../start/refuse.ts';
import { loadContent } from '../text/content.ts';
import { type ReviewState, reviewable, type SignOff, safetyFiles, stateOf } from '../text/review.ts';

type Asked = { flows: string; locales: string; lang: string; role?: string | undefined; file?: string | undefined };

/** Writes the sign-off, if a role is named, and tells in lines how the language stands. `today`: ISO date. */
export async function review(
  { flows, locales, lang, role, file }: Asked,
  today: string,
): Promise<{ lines: string[] } | { findings: string[] }> {
  const content = await loadContent(flows, locales, 'demo');
  if ('findings' in content) return content;
  const { flow, catalog } = content;
  if (!flow.languages.includes(lang)) return { findings: [`no language ${lang}; there are ${flow.languages.join(', ')}`] };
  if (role !== undefined && !/^[a-z]+(-[a-z]+)*$/.test(role))
    return { findings: ['--role: what the reader does, such as protection or lawyer; never a name'] };
  const texts = reviewable(flow, catalog, lang);
  const chosen = texts.filter((text) => file === undefined || text.file === file);
  if (chosen.length === 0) return { findings: [`no file ${file}; there are ${[...new Set(texts.map((text) => text.file))].join(', ')}`] };

  const path = join(locales, lang, 'review.json');
  const before = signed(path);
  const after: Record<string, SignOff> = {};
  // What is no longer a text is no longer signed.
  for (const { name } of texts) if (before[name] !== undefined) after[name] = before[name];
  if (role !== undefined) {
    for (const { name, source, text } of chosen) after[name] = { source, text, role, date: today };
    const fields = (one: SignOff) => Object.entries(one).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`);
    const lines = Object.entries(after).map(([name, one]) => `  ${JSON.stringify(name)}: { ${fields(one).join(', ')} }`);
    writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`);
  }

  const safety = safetyFiles(flow);
  const counts = new Map<string, Record<ReviewState, number>>();
  for (const text of texts) {
    const count = counts.get(text.file) ?? { reviewed: 0, stale: 0, draft: 0 };
    count[stateOf(after, text)] += 1;
    counts.set(text.file, count);
  }
  const lines = [...counts].map(([name, { reviewed, stale, draft }]) => {
    const whole = safety.has(name) && stale + draft > 0 ? '   keeps the language from taking requests in production' : '';
    return `${lang} ${name}: ${reviewed} reviewed, ${stale} stale, ${draft} draft${whole}`;
  });
  return { lines };
}

function signed(path: string): Record<string, SignOff> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

if (import.meta.main) {
  const usage = 'npm run review -- LANG [--role ROLE] [--file FILE]';
  let asked: { values: { role?: string; file?: string; flows?: string; locales?: string }; positionals: string[] };
  try {
    asked = parseArgs({
      allowPositionals: true,
      options: { role: { type: 'string' }, file: { type: 'string' }, flows: { type: 'string' }, locales: { type: 'string' } },
    });
  } catch {
    refuse([usage]);
  }
  const { values, positionals } = asked;
  const [lang] = positionals;
  const config = readConfig({ FLOWS_DIR: values.flows, LOCALES_DIR: values.locales });
  if ('findings' in config) refuse(config.findings);
  if (lang === undefined || positionals.length > 1) refuse([usage]);
  const done = await review(
    { flows: config.FLOWS_DIR, locales: config.LOCALES_DIR, lang, role: values.role, file: values.file },
    new Date().toISOString().slice(0, 10),
  );
  if ('findings' in done) refuse(done.findings);
  process.stdout.write(`${done.lines.join('\n')}\n`);
}
