// A locale file as it was read: texts in a tree, whose dotted paths are the keys.

export type Tree = { [key: string]: Tree | string | string[] };

/** Dotted paths of all leaves. */
export function leaves(tree: unknown, path = ''): [string, unknown][] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return [[path, tree]];
  return Object.entries(tree).flatMap(([key, below]) => leaves(below, path === '' ? key : `${path}.${key}`));
}
