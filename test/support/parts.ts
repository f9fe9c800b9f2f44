// The programs some suites need besides Node. A suite whose part is missing is skipped with one line;
// with REQUIRE_ALL=1 that is a failure, so that nobody mistakes a skipped proof for a proof.
import { findChromium, findPostgres, onPath } from '../../src/tool/parts.ts';

const finders = {
  chromium: findChromium,
  redis: () => onPath('redis-server'),
  poppler: () => onPath('pdftoppm'),
  postgres: findPostgres,
};

/** Decides for `describe.skipIf`: true when the suite has to be skipped for want of this part. */
export function needs(part: keyof typeof finders): boolean {
  return lacks(part, finders[part](), process.env['REQUIRE_ALL'] === '1');
}

/** The rule itself, apart from this machine. */
export function lacks(part: string, path: string | null, required: boolean): boolean {
  if (path !== null) return false;
  if (required) throw new Error(`${part} is required by this run and not here: npm run parts`);
  process.stderr.write(`skipped: this suite needs ${part}; npm run parts\n`);
  return true;
}
