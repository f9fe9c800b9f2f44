// Which keys the code asks for by name. Texts of flow files are used by steps; those of the chat page, the
// desk and the buttons only by code, so a key that stands nowhere in it is shown to nobody.

/** `sources`: whole source files. A name with a hole in it (`status.${status}`) uses every key that fits. */
export function usedIn(sources: string[]): (key: string) => boolean {
  const names = new Set<string>();
  const patterns = new Set<string>();
  for (const source of sources) {
    for (const [, name] of source.matchAll(/['"`]([\w-]+(?:\.[\w-]+)*)['"`]/g)) if (name !== undefined) names.add(name);
    for (const [, name] of source.matchAll(/`((?:[\w.~-]|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\})+)`/g)) {
      if (name === undefined || !name.includes('${')) continue;
      const holes = name.replace(/\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}/g, '\u0001');
      if (/^[a-z][\w-]*\./.test(holes)) patterns.add(holes);
    }
  }
  const shapes = [...patterns].map((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('\u0001', '[\\w.-]+')}$`));
  return (key) => names.has(key) || shapes.some((shape) => shape.test(key));
}
