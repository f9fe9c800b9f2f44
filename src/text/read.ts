// Reads the YAML of one flows folder. Every finding is kept with file, line and column, and all of
// them are reported together: a flow that is partly wrong is not run at all.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCollection, isMap, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { commonFile, flowFile, listsFile } from '../flow/definition.ts';
import { type Operator, operator } from '../flow/operator.ts';
import { type Programme, programme } from '../flow/programme.ts';

export type Where = (path: PropertyKey[]) => string;
/** `where` finds the value, `key` the name it stands under. */
export type Read<T> = { value: T; where: Where; key: Where };

export type Files = {
  common: Read<z.infer<typeof commonFile>>;
  flows: Map<string, Read<z.infer<typeof flowFile>>>;
  lists: Read<z.infer<typeof listsFile>>;
  operator: Read<Operator>;
  programmes: Map<string, Read<Programme>>;
};

const mostBytes = 1_000_000;

export function readFiles(folder: string): Files | { findings: string[] } {
  const findings: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>): Read<T> | null => readFile(folder, name, schema, findings);
  const common = read('common.yaml', commonFile);
  const lists = read('lists.yaml', listsFile);
  const who = read('operator.yaml', operator);
  const flows = new Map<string, Read<z.infer<typeof flowFile>>>();
  for (const name of yamlIn(folder)) {
    if (['common.yaml', 'lists.yaml', 'operator.yaml'].includes(name)) continue;
    const file = read(name, flowFile);
    if (file !== null) flows.set(name.slice(0, -5), file);
  }
  const programmes = new Map<string, Read<Programme>>();
  for (const name of yamlIn(join(folder, 'programmes'))) {
    const pack = read(join('programmes', name), programme);
    if (pack === null) continue;
    if (pack.value.country !== name.slice(0, -5)) findings.push(`${pack.where(['country'])}: must be the file's name`);
    programmes.set(name.slice(0, -5), pack);
  }
  if (findings.length > 0 || common === null || lists === null || who === null) return { findings };
  return { common, flows, lists, operator: who, programmes };
}

const yamlIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .sort()
    : [];

function readFile<T>(folder: string, name: string, schema: z.ZodType<T>, findings: string[]): Read<T> | null {
  const path = join(folder, name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    findings.push(`${path}:1:1: cannot be read`);
    return null;
  }
  if (text.length > mostBytes || text.includes('\0')) {
    findings.push(`${path}:1:1: is not a flow file (too large, or not text)`);
    return null;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  for (const error of [...document.errors, ...document.warnings]) findings.push(`${at(error.pos[0])}: ${error.message.split('\n')[0]}`);
  if (document.errors.length > 0) return null;
  let aliased = false;
  visit(document, {
    Alias: () => {
      aliased = true;
      return visit.BREAK;
    },
  });
  if (aliased) {
    findings.push(`${path}:1:1: aliases are not allowed`);
    return null;
  }
  const where: Where = (keys) => {
    let node: unknown = document.contents;
    for (const key of keys) {
      const below: unknown = isCollection(node) ? pairOrItem(node, key) : undefined;
      if (below === undefined) break;
      node = below;
    }
    const range = (node as Node | null)?.range;
    return range ? at(range[0]) : `${path}:1:1`;
  };
  const key: Where = (keys) => {
    const last = keys.at(-1);
    const above = document.getIn(keys.slice(0, -1), true);
    const pair = isMap(above) ? above.items.find((one) => (one.key as { value?: unknown } | null)?.value === last) : undefined;
    const range = (pair?.key as Node | null | undefined)?.range;
    return range ? at(range[0]) : where(keys);
  };
  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) {
    for (const issue of flat(parsed.error.issues))
      findings.push(`${where(issue.path)}: ${issue.path.map(String).join('.')}: ${issue.message}`);
    return null;
  }
  return { value: parsed.data, where, key };
}

/** For a wrong key the finding points at the key, otherwise at the value. */
function pairOrItem(node: Node, key: PropertyKey): unknown {
  if (!isCollection(node)) return undefined;
  return node.get(key, true);
}

/** A failed union hides the reason in its branches: the branch that got furthest tells it. */
function flat(issues: z.core.$ZodIssue[]): { path: PropertyKey[]; message: string }[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown key' }));
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path: issue.path, message: issue.message }];
    const deepest = issue.errors.map((branch) => flat(branch)).sort((a, b) => depth(b) - depth(a))[0] ?? [];
    return deepest.map((inner) => ({ path: [...issue.path, ...inner.path], message: inner.message }));
  });
}

const depth = (issues: { path: PropertyKey[] }[]) => Math.max(...issues.map((issue) => issue.path.length));
