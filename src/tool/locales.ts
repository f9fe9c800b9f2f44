// `npm run locales [-- --flows DIR --locales DIR --json]`: checks every text of every language and every
// screen made of them. Exit 1 when one is missing, too long or too hard, could be mistaken, says what we
// never say, or leaves out what must be said.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { proveWords } from '../proof/words.ts';
import { type Content, loadContent } from '../text/content.ts';
import { inOneLine, type TextFinding } from '../text/finding.ts';
import { lint } from '../text/lint.ts';
import { reviewable, reviewOf, stateOf } from '../text/review.ts';
import { inLocale } from '../text/spot.ts';
import { leaves } from '../text/tree.ts';
import { usedIn } from '../text/used.ts';

/** Everything the texts can be told; whatever keeps them from being loaded comes first and alone. */
export async function checkLocales(flows: string, locales: string): Promise<{ content: Content | null; findings: string[] }> {
  const content = await loadContent(flows, locales, 'demo');
  if ('findings' in content) return { content: null, findings: content.findings };
  const found = [
    ...lint(content, locales),
    ...proveWords(content, locales).findings,
    ...unused(content, locales),
    ...stale(content, locales),
  ];
  return { content, findings: found.map(inOneLine) };
}

/** Texts that belong to no flow file are asked for by name in this program. */
function unused({ catalog, flow }: Content, locales: string): TextFinding[] {
  const folder = join(import.meta.dirname, '..');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const used = usedIn(sources.map((name) => readFileSync(join(folder, name), 'utf8')));
  const [lang = 'en'] = flow.languages;
  return ['common', 'chat', 'console', 'link'].flatMap((file) =>
    leaves(catalog.tree(lang, file) ?? {})
      .filter(([key]) => !used(key.replace(/_(one|other)$/, '')))
      .map(([key]) => ({ rule: 'P18', where: inLocale(locales, lang, file, key), message: `${file}.${key} is shown nowhere` })),
  );
}

/** A text that was read and has changed since is worse than one nobody read: it looks checked. */
function stale({ catalog, flow }: Content, locales: string): TextFinding[] {
  return flow.languages.flatMap((lang) => {
    const review = reviewOf(catalog, lang);
    const texts = reviewable(flow, catalog, lang);
    const names = new Set(texts.map((text) => text.name));
    const changed = texts
      .filter((text) => stateOf(review, text) === 'stale')
      .map(({ name, file, key, text }) => {
        const what = review[name]?.text === text ? 'its source sentence has changed' : 'it has changed';
        return {
          rule: 'R18',
          where: inLocale(locales, lang, file, key),
          message: `${lang} ${name} is stale: ${what} since it was reviewed on ${review[name]?.date}`,
        };
      });
    const gone = Object.keys(review)
      .filter((name) => !names.has(name))
      .map((name) => ({
        rule: 'R18',
        where: join(locales, lang, 'review.json'),
        message: `${lang} ${name} was reviewed, but is no text any more`,
      }));
    return [...changed, ...gone];
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { flows: { type: 'string' }, locales: { type: 'string' }, json: { type: 'boolean' } } });
  const config = readConfig({ FLOWS_DIR: values.flows, LOCALES_DIR: values.locales });
  const { content, findings } =
    'findings' in config ? { content: null, findings: config.findings } : await checkLocales(config.FLOWS_DIR, config.LOCALES_DIR);
  if (values.json) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
  else {
    for (const finding of findings) process.stdout.write(`${finding}\n`);
    if (findings.length === 0 && content !== null)
      for (const lang of content.flow.languages) {
        const states = reviewable(content.flow, content.catalog, lang).map((text) => stateOf(reviewOf(content.catalog, lang), text));
        const reviewed = states.filter((state) => state === 'reviewed').length;
        const draft = content.drafts.includes(lang) ? '; a draft: information only in production' : '';
        process.stdout.write(`${lang}: ${states.length} texts, no findings; ${reviewed} reviewed${draft}\n`);
      }
  }
  process.exitCode = findings.length > 0 ? 1 : 0;
}
