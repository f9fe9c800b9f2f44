// The shipped flows with one mistake in them, proved without their texts: routes are what is looked at.
import type { Finding } from '../../src/proof/finding.ts';
import type { Given } from '../../src/proof/model.ts';
import { prove, usualLimits } from '../../src/proof/prove.ts';
import { link } from '../../src/text/link.ts';
import { places } from '../../src/text/places.ts';
import { readFiles } from '../../src/text/read.ts';
import { asFinding } from '../../src/tool/flows.ts';
import type { Copy } from './content.ts';
import { shippedContent } from './talk.ts';

/** Findings until one of this rule is there. */
export async function provedUntil(
  copy: Copy,
  rule: string,
  { topics, rank = () => 0 }: { topics?: Map<string, string>; rank?: Given['rank'] } = {},
): Promise<Finding[]> {
  const files = readFiles(copy.flows);
  if ('findings' in files) return files.findings.map(asFinding);
  const linked = link(files);
  if ('findings' in linked) return linked.findings.map(asFinding);
  const { words } = await shippedContent();
  const consents = Object.keys(linked.fields).filter((name) => linked.fields[name]?.data === 'consent');
  const consentText = Object.fromEntries(
    consents.map((name) => [name, Object.fromEntries(linked.languages.map((lang) => [lang, 'words']))]),
  );
  const given = {
    flow: { ...linked, consentText },
    words: { ...words, topics: topics ?? words.topics },
    where: places(files),
    rank,
  };
  return prove(given, { ...usualLimits, now: () => process.threadCpuUsage().user / 1000 }, rule).findings;
}
