// Where a key stands in a locale file, so that a finding can be clicked. The file is read again for it:
// findings are rare and the catalog keeps no places.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';

/** `file:line:col` of this key; of the nearest name above it where the key itself is missing. */
export function spot(path: string, key: string | string[]): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return path;
  }
  const lines = new LineCounter();
  // Every JSON file is a YAML file, and this parser keeps places.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  let at = 0;
  let here: unknown = document.contents;
  for (const part of Array.isArray(key) ? key : key.split('.')) {
    if (!isMap(here)) break;
    const pair = here.items.find((one) => (one.key as { value?: unknown } | null)?.value === part);
    if (pair === undefined) break;
    at = (pair.key as { range?: [number, number, number] | null }).range?.[0] ?? at;
    here = pair.value;
  }
  const { line, col } = lines.linePos(at);
  return `${path}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

/** A place in the locale folder: language, file and key. */
export const inLocale = (folder: string, lang: string, file: string, key: string): string => spot(join(folder, lang, `${file}.json`), key);

/** Where and what `JSON.parse` complains about. */
export function brokenJson(path: string, error: unknown): { where: string; message: string } {
  const said = error instanceof Error ? error.message : 'not readable';
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(said) ?? [];
  // The parser repeats part of the file, which may be anything.
  const message = said.replace(/ *\(line \d+ column \d+\)/, '').replace(/, *(\.\.\.)?".*" is not valid JSON/s, ' is not valid JSON');
  return { where: `${path}:${line ?? 1}:${column ?? 1}`, message };
}
