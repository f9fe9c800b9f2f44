// `npm run audit -- verify [--head SEQ:MAC]`: walks the log from its first row and names the first that
// does not fit. With a head the service once made known (`audit.head`), a cut or rewritten end shows too.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { orRefuse, refuse } from '../start/refuse.ts';
import { openStores } from '../start/stores.ts';
import { type Head, verifyAudit } from '../store/audit.ts';
import type { Keep } from '../store/keep.ts';

/** One sentence, and whether all is well. */
export async function audit(keep: Keep, key: Buffer, args: string[]): Promise<{ ok: boolean; says: string } | { findings: string[] }> {
  const asked = askedFor(args);
  if (asked === null) return { findings: ['verify [--head SEQ:MAC]: number and seal of a row, as the log line audit.head has them'] };
  const result = await verifyAudit(keep, key, asked.head);
  if (!result.ok)
    return { ok: false, says: `Row ${result.seq} is the first that is missing, was changed, or does not follow the one before.` };
  return { ok: true, says: `The log is whole: ${result.head.seq} rows. Head ${result.head.seq}:${result.head.mac}` };
}

function askedFor(args: string[]): { head?: Head } | null {
  try {
    const { values, positionals } = parseArgs({ args, options: { head: { type: 'string' } }, allowPositionals: true, strict: true });
    if (positionals.length !== 1 || positionals[0] !== 'verify') return null;
    if (values.head === undefined) return {};
    const [, seq, mac] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(values.head) ?? [];
    return seq === undefined || mac === undefined ? null : { head: { seq: Number(seq), mac } };
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const config = readConfig(process.env);
  if ('findings' in config) refuse(config.findings);
  const stores = orRefuse(await openStores(config));
  const result = await audit(stores.keep, stores.auditKey, process.argv.slice(2));
  await stores.close();
  const { ok, says } = orRefuse(result);
  process.stdout.write(`${says}\n`);
  process.exit(ok ? 0 : 1);
}
