// The rules of the house as a function from one source file to findings, so that the same function
// can be run on bad samples: a rule nobody has seen fail proves nothing.
import { posix } from 'node:path';
import { roomOf, rooms } from './rooms.ts';

/** Comments may name what code may not do. Only comments that begin a line or follow a blank: `'gate/*'` is none. */
const withoutComments = (source: string) =>
  source.replace(/^\s*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, '')).replace(/(^|\s)\/\/.*$/gm, '$1');

type Import = { of: string; typeOnly: boolean };

function importsOf(code: string): Import[] {
  const lines = code.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^'"`;=()]*?\sfrom\s*)?['"]([^'"]+)['"]/gm);
  const calls = code.matchAll(/\b(?:import|require)\s*\(\s*(?:['"`]([^'"`]+)['"`])?/g);
  return [
    ...[...lines].map((match) => ({ of: match[2] ?? '', typeOnly: match[1] !== undefined })),
    ...[...calls].map((match) => ({ of: match[1] ?? '', typeOnly: false })),
  ];
}

const packageOf = (name: string) => (name.startsWith('node:') ? name : name.split('/', name.startsWith('@') ? 2 : 1).join('/'));

function importFinding(file: string, name: string, { of, typeOnly }: Import, dependencies: string[]): string | null {
  const room = rooms[name];
  if (of === '') return 'an import whose target is computed cannot be checked';
  if (of.startsWith('.')) {
    const target = posix.join(posix.dirname(file), of);
    const other = roomOf(target);
    if (other === name || (other !== null && room?.rooms?.includes(other))) return null;
    if (other !== null && room?.types?.includes(other)) return typeOnly ? null : `${name} may import only types of ${other} (${of})`;
    return `${name} may not import ${other ?? 'what is outside src'} (${of})`;
  }
  const wanted = packageOf(of);
  if (!wanted.startsWith('node:') && !dependencies.includes(wanted)) return `${of} is not among the dependencies of package.json`;
  if (room?.packages?.includes('*') || room?.packages?.includes(wanted)) return null;
  if (room?.packageTypes?.includes(wanted)) return typeOnly ? null : `${name} may import only types of ${of}`;
  return `${name} may not import ${of}`;
}

type Ban = { pattern: RegExp; says: string; except?: RegExp };

/** Where the clock comes from; where settings come from and words may be printed. */
const start = /^(main\.ts|start\/|tool\/)/;
const outside = /^(main\.ts|tool\/)/;
const bans: Ban[] = [
  { pattern: /\bMath\.random\b/, says: 'Math.random: ids and keys come from node:crypto, or in as values' },
  { pattern: /\bDate\.now\b/, says: 'Date.now: the clock comes in as a value', except: start },
  { pattern: /\bnew Date\s*\(\s*\)|\bnew Date\b(?!\s*\()/, says: 'new Date(): the clock comes in as a value', except: start },
  { pattern: /\bprocess\.env\b/, says: 'process.env: settings come from config.ts', except: outside },
  { pattern: /\bconsole\.\w/, says: 'console: the log takes listed fields only', except: outside },
  { pattern: /^\s*export\s+default\b|\bas\s+default\b/m, says: 'default export: a name that everybody uses is worth more' },
  {
    pattern: /\.transaction\s*\(/,
    says: '.transaction(): writers come through transact of store/transact.ts',
    except: /^store\/(transact|keys|keys-postgres)\.ts$/,
  },
  {
    pattern:
      /^\s*(?:export\s+)?(?:abstract\s+)?class\s+\w+(?!\w|\s+extends\s+\w*Error\b)|[=(,]\s*class\b\s*(?:\w+\s*)?(?:extends\s+\w+\s*)?\{/m,
    says: 'a class that is not an error: functions and plain values do',
  },
];
const pure: Ban[] = [{ pattern: /\bnew Date\b/, says: 'new Date in a pure room: times come in as values' }];

const mostLines = 250;

/** What is wrong with this file; `file` is its path below src/, `dependencies` those of package.json. */
export function findingsOf(file: string, source: string, dependencies: string[]): string[] {
  const name = roomOf(file);
  if (name === null) return ['it belongs to no room: give it one in test/support/rooms.ts'];
  const code = withoutComments(source);
  const lines = source.trimEnd().split('\n').length;
  const banned = [...bans, ...(name === 'flow' || name === 'case' ? pure : [])].filter(
    (ban) => ban.pattern.test(code) && !ban.except?.test(file),
  );
  const comment = /^(?:\/\/.*\n)*/.exec(source)?.[0].split('\n').length ?? 1;
  return [
    ...importsOf(code).flatMap((one) => importFinding(file, name, one, dependencies) ?? []),
    ...banned.map((ban) => ban.says),
    ...(lines > mostLines ? [`${lines} lines: ${mostLines} are the most, one idea a file`] : []),
    ...(comment < 2 || comment > 5 ? ['it does not open with one to four comment lines'] : []),
  ];
}
