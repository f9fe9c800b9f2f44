// `npm run parts`: makes sure that the programs some tests need are on this machine. It never fails:
// a part that could not be had is named, and the suite that needs it says so again.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

type Part = {
  name: string;
  /** Where it is, or null. */
  find: () => string | null;
  /** Debian and Ubuntu packages; the later ones are tried when an earlier one brings nothing. */
  packages: string[];
  /** What to install where there is no apt-get. */
  elsewhere: string;
};

/** Where PATH leads for this command. */
export function onPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** The first that runs: some Ubuntu releases put a mere note in the browser's place. */
export function findChromium(): string | null {
  const names = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const runs = (path: string | null) => path !== null && spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
  return names.map(onPath).find(runs) ?? null;
}

/** The folder of PostgreSQL's programs: Debian keeps one per version, away from PATH; the newest counts. */
export function findPostgres(): string | null {
  const onIt = onPath('postgres');
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(root, version, 'bin')), ...(onIt === null ? [] : [dirname(onIt)])];
  return folders.find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb'))) ?? null;
}

const fonts = '/usr/share/fonts/truetype';
/** One font with Arabic and Latin letters; without it a browser draws boxes and a layout proves nothing. */
const findFont = () =>
  [`${fonts}/dejavu/DejaVuSans.ttf`, `${fonts}/noto/NotoSansArabic-Regular.ttf`].find((path) => existsSync(path)) ??
  (process.platform === 'linux' ? null : 'of the system');

/** What an existing suite needs, and nothing else. */
const parts: Part[] = [
  { name: 'Chromium', find: findChromium, packages: ['chromium', 'chromium-browser'], elsewhere: 'Chromium or Chrome, on PATH' },
  { name: 'Redis', find: () => onPath('redis-server'), packages: ['redis-server'], elsewhere: 'redis-server, on PATH' },
  { name: 'Poppler', find: () => onPath('pdftoppm'), packages: ['poppler-utils'], elsewhere: 'pdftoppm of Poppler, on PATH' },
  { name: 'PostgreSQL', find: findPostgres, packages: ['postgresql'], elsewhere: 'PostgreSQL 14 or later, its programs on PATH' },
  { name: 'a font with Arabic letters', find: findFont, packages: ['fonts-dejavu-core'], elsewhere: 'DejaVu Sans or Noto Sans Arabic' },
];

/** Debian, Ubuntu and what is made from them. */
function hasApt(): boolean {
  if (onPath('apt-get') === null || !existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** One apt-get call that ends: the clock is outside, so that root's processes end too. */
function apt(minutes: number, ...words: string[]): boolean {
  const root = process.getuid?.() === 0;
  const asRoot = root ? [] : process.stdin.isTTY ? ['sudo'] : ['sudo', '-n'];
  const [command = 'env', ...rest] = [
    ...asRoot,
    ...['env', 'DEBIAN_FRONTEND=noninteractive', 'timeout', '-k', '30', `${minutes}m`],
    ...['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=30', ...words],
  ];
  console.log(`  ${[command, ...rest].join(' ')}`);
  return spawnSync(command, rest, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function install(missing: Part[]): void {
  if (process.getuid?.() !== 0) {
    if (onPath('sudo') === null) return;
    console.log('  through sudo, because installing needs root');
  }
  apt(5, 'update');
  for (const part of missing)
    for (const name of part.packages) {
      if (part.find() !== null) break;
      apt(10, 'install', '-y', '--no-install-recommends', name);
    }
}

function run(): void {
  const missing = parts.filter((part) => part.find() === null);
  if (missing.length > 0 && hasApt()) {
    console.log(`parts: installing ${missing.map((part) => part.name).join(', ')}`);
    install(missing);
  }
  for (const part of parts) console.log(`parts: ${part.name}: ${part.find() ?? `missing; install ${part.elsewhere}`}`);
}

if (import.meta.main)
  try {
    run();
  } catch (error) {
    console.log(`parts: ${error instanceof Error ? error.message : 'stopped'}`);
  }
