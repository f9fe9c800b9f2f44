// What the documents must hold, read out of the code: each function takes text and gives names, so
// that the test can hand it a bad sample.

/** Keys of the settings object, and those this version refuses. */
export function settingsOf(config: string): string[] {
  const own = [...config.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map((match) => match[1] ?? '');
  const later = /const later = \[([^\]]*)\]/.exec(config)?.[1] ?? '';
  return [...own, ...[...later.matchAll(/'([A-Z_]+)'/g)].map((match) => match[1] ?? '')];
}

/** Paths that a source file mounts: `app.get('/healthz', …)`, `router.use(['/desk'], …)`, or a row of a table of routes. */
export function routesOf(source: string): string[] {
  const calls = source.matchAll(/\.(?:get|post|put|patch|delete|all|use)\(\s*(\[[^\]]*\]|['"`][^'"`]*['"`])/g);
  const rows = source.matchAll(/\bmethod: '\w+', path: ('[^']*')/g);
  return [...calls, ...rows].flatMap((one) => [...(one[1] ?? '').matchAll(/['"`](\/[^'"`]+)['"`]/g)].map((match) => match[1] ?? ''));
}

/** The whole path, not only the beginning of a longer one. */
export const mentions = (pages: string, route: string): boolean =>
  new RegExp(`${route.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w:/-])`).test(pages);

/** The things the engine may ask for. */
export const effectsOf = (source: string): string[] => [...source.matchAll(/\{ do: '([a-z-]+)'/g)].map((match) => match[1] ?? '');

/** Words between back quotes in headings. */
export function headingsOf(page: string): Set<string> {
  const lines = page.split('\n').filter((line) => line.startsWith('#'));
  return new Set(lines.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')));
}

/** Names at the beginning of table rows. */
export function rowsOf(page: string): Set<string> {
  const cells = [...page.matchAll(/^\|([^|]*)\|/gm)].map((match) => match[1] ?? '');
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')));
}

/** The list under the heading that names words never said to or about people. */
export function neverSaid(glossary: string): string[] {
  const part = glossary.split(/^## /m).find((one) => one.startsWith('Never said')) ?? '';
  return [...part.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1] ?? '');
}

/** Texts of a locale file with their dotted keys. */
export function textsOf(tree: unknown, key = ''): [key: string, text: string][] {
  if (typeof tree === 'string') return [[key, tree]];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, below]) => textsOf(below, key === '' ? name : `${key}.${name}`));
}

/** Keys whose text has one of these words, alone or in the plural. */
export function saying(words: string[], texts: [string, string][]): string[] {
  const pattern = new RegExp(`\\b(?:${words.map((word) => word.replace(/[-\s]/g, '[-\\s]')).join('|')})(?:s|es)?\\b`, 'i');
  return texts.filter(([, text]) => pattern.test(text)).map(([key]) => key);
}
