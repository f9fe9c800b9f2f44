// The programs some suites need besides Node. A suite whose part is missing is skipped with one line;
// with REQUIRE_ALL=1 that is a failure, so that nobody mistakes a skipped proof for a proof.
import { findChromium, onPath } from '../../src/tool/parts.ts';

const found = { chromium: findChromium(), redis: onPath('redis-server'), poppler: onPath('pdftoppm') };

/** Where the browser is, or null. */
export const chromium: string | null = found.chromium;

/** Decides for `describe.skipIf`: true when the suite has to be skipped for want of this part. */
export function needs(part: keyof typeof found): boolean {
  return lacks(part, found[part], process.env['REQUIRE_ALL'] === '1');
}

/** The rule itself, apart from this machine. */
export function lacks(part: string, path: string | null, required: boolean): boolean {
  if (path !== null) return false;
  if (required) throw new Error(`${part} is required by this run and not here: npm run parts`);
  process.stderr.write(`skipped: this suite needs ${part}; npm run parts\n`);
  return true;
}
