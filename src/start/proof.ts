// The proof of the flows beside the running product. It takes seconds, so at start only its remembered
// verdict is read; a missing one is found in a thread of its own, once people are served.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { levels } from '../case/case.ts';
import { priority } from '../case/priority.ts';
import type { Config } from '../config.ts';
import { codeOf, type Log } from '../log.ts';
import type { Finding } from '../proof/finding.ts';
import { type Proof, prove, provedRules, usualLimits } from '../proof/prove.ts';
import type { Content } from '../text/content.ts';

/** Starts, health checks and short runs come first. */
const patience = 30_000;

export type Verdict = { key: string; findings: Finding[] };

/** Routes and rights of this content, with the desk's own order of urgency. */
export const proveContent = ({ flow, words, where }: Content, limits = usualLimits): Proof =>
  prove(
    {
      flow,
      words,
      where,
      rank: (kind, field, answers) => levels.indexOf(priority({ kind, field, answers, asked: false, crisis: false }).level),
    },
    // What the thread itself works, so that a busy machine is no finding.
    { ...limits, now: () => process.threadCpuUsage().user / 1000 },
  );

/** Changes with everything the proof looks at. */
export const proofKey = ({ flow, words }: Content): string =>
  createHash('sha256')
    .update(JSON.stringify([flow, [...new Set(words.topics.values())], provedRules]))
    .digest('hex');

const fileOf = (config: Config) => join(config.DATA_DIR, 'proof.json');

/** The verdict on exactly this content, if it was ever reached. */
export function rememberedProof(config: Config, content: Content): Verdict | null {
  try {
    const verdict: Partial<Verdict> = JSON.parse(readFileSync(fileOf(config), 'utf8'));
    const key = proofKey(content);
    return verdict.key === key && Array.isArray(verdict.findings) ? { key, findings: verdict.findings } : null;
  } catch {
    return null;
  }
}

export const rememberProof = (config: Config, verdict: Verdict): void =>
  writeFileSync(fileOf(config), JSON.stringify(verdict), { mode: 0o600 });

/** Tells the verdict now or later. Nobody waits for it, and it never keeps the process alive. */
export function watchProof(config: Config, content: Content, log: Log): void {
  const known = rememberedProof(config, content);
  if (known !== null) {
    tell(log, known.findings);
    return;
  }
  const timer = setTimeout(() => {
    const worker = new Worker(new URL('./proof-thread.ts', import.meta.url), { workerData: config });
    worker.unref();
    worker.once('message', (findings: Finding[]) => tell(log, findings));
    worker.once('error', (error) => log.error('the flows could not be proved', { code: codeOf(error) }));
  }, patience);
  timer.unref();
}

function tell(log: Log, findings: Finding[]): void {
  if (findings.length === 0) log.info('the flows are proved');
  for (const { rule, where } of findings) log.error('the flows break a rule; npm run flows tells how', { code: rule, path: where });
}
