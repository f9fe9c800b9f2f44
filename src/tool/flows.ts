// `npm run flows [-- --flows DIR --locales DIR --json]`: reads a folder of flows with its locales and
// tells every finding, as file:line:col. Exit 1 when there is one.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { loadContent } from '../text/content.ts';

const { values } = parseArgs({ options: { flows: { type: 'string' }, locales: { type: 'string' }, json: { type: 'boolean' } } });
const config = readConfig({ FLOWS_DIR: values.flows, LOCALES_DIR: values.locales });
const content = 'findings' in config ? config : await loadContent(config.FLOWS_DIR, config.LOCALES_DIR, 'demo');
const findings = 'findings' in content ? content.findings : [];

if (values.json) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
else if ('findings' in content) for (const finding of findings) process.stdout.write(`${finding}\n`);
else {
  const { flow } = content;
  process.stdout.write(
    `${Object.keys(flow.steps).length} steps, ${Object.keys(flow.fields).length} fields, languages ${flow.languages.join(', ')}: no findings\n`,
  );
}
process.exitCode = findings.length > 0 ? 1 : 0;
