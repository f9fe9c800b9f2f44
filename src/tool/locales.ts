// `npm run locales [-- --flows DIR --locales DIR]`: checks every text of every language. Exit 1 when
// one is missing, too long, could be mistaken, or says what we never say.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { leaves } from '../text/catalog.ts';
import { loadContent } from '../text/content.ts';
import { lint } from '../text/lint.ts';

const { values } = parseArgs({ options: { flows: { type: 'string' }, locales: { type: 'string' } } });
const config = readConfig({ FLOWS_DIR: values.flows, LOCALES_DIR: values.locales });
const content = 'findings' in config ? config : await loadContent(config.FLOWS_DIR, config.LOCALES_DIR, 'demo');
const findings = 'findings' in content ? content.findings : lint(content, 'findings' in config ? '' : config.LOCALES_DIR);

for (const finding of findings) process.stdout.write(`${finding}\n`);
if (findings.length === 0 && !('findings' in content))
  for (const lang of content.flow.languages) {
    const files = [...new Set(Object.values(content.flow.steps).map((step) => step.file)), 'common', 'chat', 'console'];
    const texts = files.reduce((sum, file) => sum + leaves(content.catalog.tree(lang, file) ?? {}).length, 0);
    process.stdout.write(`${lang}: ${texts} texts, no findings\n`);
  }
process.exitCode = findings.length > 0 ? 1 : 0;
