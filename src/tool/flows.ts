// `npm run flows [-- --flows DIR --locales DIR --json]`: reads a folder of flows with its locales, then proves that no
// way through them breaks a promise and that every screen can be read and answered in every language, on every channel.
// Every finding has file:line:col and rule, one about a way also its shortest path.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import type { Finding } from '../proof/finding.ts';
import { usualLimits } from '../proof/prove.ts';
import { proveWords } from '../proof/words.ts';
import { proveContent } from '../start/proof.ts';
import { loadContent } from '../text/content.ts';

export type Checked = {
  findings: Finding[];
  steps: number;
  states: number;
  transitions: number;
  languages: number;
  screens: number;
  ms: number;
};

const nothing = { steps: 0, states: 0, transitions: 0, languages: 0, screens: 0, ms: 0 };

/** Load checks first; what cannot be loaded cannot be proved. */
export async function checkFlows(flows: string, locales: string, limits = usualLimits): Promise<Checked> {
  const content = await loadContent(flows, locales, 'demo');
  if ('findings' in content) return { findings: content.findings.map(asFinding), ...nothing };
  const routes = proveContent(content, limits);
  const begun = process.threadCpuUsage().user;
  // Flows that were not walked, being too many steps or a circle, are not shown either.
  const words = routes.states === 0 ? { findings: [], screens: 0 } : proveWords(content, locales);
  return {
    ...routes,
    findings: [...routes.findings, ...words.findings],
    steps: Object.keys(content.flow.steps).length,
    languages: content.flow.languages.length,
    screens: words.screens,
    ms: routes.ms + (process.threadCpuUsage().user - begun) / 1000,
  };
}

/** A load finding as text: `file:line:col: P2 message`; without a rule it is P1. */
export function asFinding(text: string): Finding {
  const [, where = '', rule = 'P1', message = text] = /^(\S+?:\d+:\d+|[^:]+): (?:(P\d+) )?([\s\S]*)$/.exec(text) ?? [];
  return { rule, where, message };
}

export const inWords = ({ where, rule, message, path }: Finding): string =>
  `${where}: ${rule} ${message}${path === undefined ? '' : `; path: ${path.join(' > ')}`}`;

if (import.meta.main) {
  const { values } = parseArgs({ options: { flows: { type: 'string' }, locales: { type: 'string' }, json: { type: 'boolean' } } });
  const config = readConfig({ FLOWS_DIR: values.flows, LOCALES_DIR: values.locales });
  const checked =
    'findings' in config
      ? { findings: config.findings.map(asFinding), ...nothing }
      : await checkFlows(config.FLOWS_DIR, config.LOCALES_DIR);
  const { findings, steps, states, transitions, languages, screens, ms } = checked;
  if (values.json) process.stdout.write(`${JSON.stringify({ ...checked, ms: Math.round(ms) }, null, 2)}\n`);
  else {
    for (const finding of findings) process.stdout.write(`${inWords(finding)}\n`);
    if (steps > 0)
      process.stdout.write(
        `${steps} steps, ${states} states, ${transitions} transitions; ${screens} screens in ${languages} languages; ${(ms / 1000).toFixed(1)} s\n`,
      );
    process.stdout.write(
      findings.length === 0 ? 'no findings\n' : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}\n`,
    );
  }
  process.exitCode = findings.length > 0 ? 1 : 0;
}
