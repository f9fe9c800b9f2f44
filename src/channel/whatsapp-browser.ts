// The browser as a process: found, freed of what an earlier one left behind, and weighed. A killed
// Node leaves Chromium running with its lock on the profile, and the next start would be refused.
import { accessSync, chmodSync, constants, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chromium-headless-shell'];
const locks = ['SingletonLock', 'SingletonSocket', 'SingletonCookie'];
const step = 50;
const politeMs = 5_000;
const hardMs = 2_000;

/** The browser on this search path, or null. */
export function findBrowser(searchPath: string): string | null {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      if (!isProgram(path)) continue;
      // Debian's command of that name is a shell script: its process is not the browser's.
      const inside = join(dirname(folder), 'lib', 'chromium', name);
      return name === 'chromium-headless-shell' && isProgram(inside) ? inside : path;
    }
  return null;
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The profile holds the pairing: whoever reads it can be us. */
export function makeProfile(folder: string): string {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}

/** Where the library keeps the browser's folder below ours. */
const sessionOf = (profile: string): string => join(profile, 'session');

/** Ends a browser an earlier process left on this profile and takes its locks away. */
export async function freeProfile(profile: string): Promise<void> {
  const session = sessionOf(profile);
  const pid = lockedBy(session);
  if (pid !== null && holds(pid, session)) {
    signal(pid, 'SIGTERM');
    if (!(await gone(pid, session, politeMs))) {
      signal(pid, 'SIGKILL');
      await gone(pid, session, hardMs);
    }
  }
  for (const name of locks) rmSync(join(session, name), { force: true });
}

/** After a logout the pairing is worthless, and a browser that ran on the deleted folder may have left parts of it. */
export function forgetSession(profile: string): void {
  rmSync(sessionOf(profile), { recursive: true, force: true, maxRetries: 4 });
}

/** The lock is a link to `host-pid`. A lock of another host says nothing about a process of ours. */
function lockedBy(session: string): number | null {
  try {
    const [, host, pid] = /^(.*)-(\d+)$/.exec(readlinkSync(join(session, 'SingletonLock'))) ?? [];
    return host === hostname() ? Number(pid) : null;
  } catch {
    return null;
  }
}

/** Whether this process runs on our folder: a process id alone may have been given to somebody else since. */
function holds(pid: number, session: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(`--user-data-dir=${session}`);
  } catch {
    return false;
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {}
}

async function gone(pid: number, session: string, ms: number): Promise<boolean> {
  for (let waited = 0; holds(pid, session); waited += step) {
    if (waited >= ms) return false;
    await new Promise((go) => setTimeout(go, step));
  }
  return true;
}

/** Memory of a process and all below it in MB, what they share counted once; 0 where the system does not tell. */
export function memoryOf(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readProcesses()) parents.set(Number(name), figure(`/proc/${name}/status`, /^PPid:\s+(\d+)/m));
  const below = (id: number): boolean => {
    for (let at = id, depth = 0; at > 1 && depth < 10; at = parents.get(at) ?? 0, depth += 1) if (at === pid) return true;
    return false;
  };
  const own = [...parents.keys()].filter(below);
  return Math.round(own.reduce((sum, id) => sum + figure(`/proc/${id}/smaps_rollup`, /^Pss:\s+(\d+)/m), 0) / 1024);
}

function figure(path: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function readProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
