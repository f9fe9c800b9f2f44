// What must be true before strangers are let in: findings that keep MODE=production from starting.
import type { Config } from '../config.ts';
import { contactName } from '../flow/programme.ts';
import type { Content } from '../text/content.ts';

/** `today`: ISO date. An empty list means: ready for people. */
export function productionFindings(config: Config, { operator, programmes, packOf, flow, drafts }: Content, today: string): string[] {
  const findings: string[] = [];
  if (config.SEAL_KEY === undefined) findings.push('SEAL_KEY: production needs a key of your own, kept outside the data folder');
  if (config.HANDOFF_SECRET === undefined) findings.push('HANDOFF_SECRET: production needs a secret of your own');
  if (!config.PUBLIC_URL.startsWith('https://')) findings.push('PUBLIC_URL: production needs an https address');
  if (config.ENDPOINT_LOOPBACK === 'on') findings.push('ENDPOINT_LOOPBACK: for tests only; it opens this machine to events');
  for (const [name, value] of Object.entries(operator))
    if (/example\.org|\(example\)/i.test(JSON.stringify(value))) findings.push(`operator.yaml: ${name} is an example`);
  if (operator.iomRelation !== 'none' && operator.iomEvidence === undefined) findings.push('operator.yaml: iomEvidence is missing');
  if (operator.iomValidUntil !== undefined && operator.iomValidUntil < today) findings.push('operator.yaml: iomValidUntil has passed');
  for (const pack of new Set([...programmes.values(), packOf(null)]))
    for (const contact of pack?.contacts ?? [])
      if (contact.verifiedOn === undefined)
        findings.push(`programmes/${pack?.country}.yaml: ${contact.role} ${contactName(contact, 'en')} is not verified`);
  if (flow.languages.every((lang) => drafts.includes(lang)))
    findings.push('locales: no language is reviewed; its consent and safety texts are drafts or stale (npm run review)');
  return findings;
}
