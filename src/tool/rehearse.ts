// `npm run rehearse`: puts everybody who could be in the middle of the released flows before today's, and
// says who will be asked what. `-- --release` writes flows/released.json: today's flows become the release.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import type { Flow } from '../flow/definition.ts';
import { rehearse } from '../proof/rehearse.ts';
import { refuse } from '../start/refuse.ts';
import { loadContent } from '../text/content.ts';
import { inOneLine } from '../text/finding.ts';

/** The release as it is kept: one line for each step, so that a change can be read. Words do not belong to it. */
export function kept(flow: Flow): string {
  const { consentText: _, hash: __, steps, ...rest } = flow;
  const lines = Object.values(steps).map((step) => `    ${JSON.stringify(step.ref)}: ${JSON.stringify(step)}`);
  const others = Object.entries(rest).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${others.join(',\n')},\n  "steps": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** Throws on what is no release. */
export function releasedFlow(text: string): Flow {
  const flow = { ...JSON.parse(text), hash: 'released', consentText: {} };
  for (const part of ['fields', 'steps', 'interrupts', 'lists', 'tries'])
    if (typeof flow[part] !== 'object' || flow[part] === null) throw new Error(`${part} is missing`);
  return flow;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { release: { type: 'boolean' }, flows: { type: 'string' }, locales: { type: 'string' } } });
  const config = readConfig({ FLOWS_DIR: values.flows, LOCALES_DIR: values.locales });
  if ('findings' in config) refuse(config.findings);
  const content = await loadContent(config.FLOWS_DIR, config.LOCALES_DIR, 'demo');
  if ('findings' in content) refuse(content.findings);
  const path = join(config.FLOWS_DIR, 'released.json');
  if (values.release) {
    writeFileSync(path, kept(content.flow));
    process.stdout.write(`${path}: version ${content.flow.version}\n`);
  } else {
    let released: Flow;
    try {
      released = releasedFlow(readFileSync(path, 'utf8'));
    } catch {
      refuse([`${path}: not readable; npm run rehearse -- --release writes it from today's flows`]);
    }
    const { findings, states, asked } = rehearse(released, content.flow, content.where);
    for (const finding of findings) {
      process.stdout.write(`${inOneLine(finding)}\n`);
      if (finding.path !== undefined) process.stdout.write(`  ${finding.path.join(' · ')}\n`);
    }
    for (const { from, to, people } of asked) process.stdout.write(`waiting at ${from}: will be asked ${to} (${people} ways there)\n`);
    const whole = asked.length === 0 ? 'everybody is asked what they were asked before' : `${asked.length} questions change`;
    process.stdout.write(
      `${states} places of version ${released.version} replayed: ${findings.length === 0 ? whole : `${findings.length} findings`}\n`,
    );
    process.exitCode = findings.length > 0 ? 1 : 0;
  }
}
