// The shipped flows and locales in a temporary folder, to be spoiled in one place by a test.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Copy = {
  flows: string;
  locales: string;
  /** Replaces the one place in a file, such as `locales/fr/gate.json`; says where it stands as `file:line`. */
  change(file: string, from: string, to: string): string;
  read(file: string): string;
  remove(): void;
};

/** In English and French alone, which the places to spoil are written in: one more language then breaks no test and slows none. */
export function shippedCopy(languages = ['en', 'fr']): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'shipped-'));
  for (const name of ['flows', 'locales']) cpSync(name, join(folder, name), { recursive: true });
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  writeFileSync(
    join(folder, 'flows/common.yaml'),
    read('flows/common.yaml').replace(/^languages: .*/m, `languages: [${languages.join(', ')}]`),
  );
  return {
    flows: join(folder, 'flows'),
    locales: join(folder, 'locales'),
    read,
    change(file, from, to) {
      const text = read(file);
      const at = text.indexOf(from);
      if (at < 0) throw new Error(`${file} has no ${from}`);
      writeFileSync(join(folder, file), text.slice(0, at) + to + text.slice(at + from.length));
      return `${file}:${text.slice(0, at).split('\n').length}`;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
