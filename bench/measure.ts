// What the operating system says of a process: CPU time, resident memory, files. And what the process says
// of its own heap, after a forced collection, through the probe it was started with.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time of a process in microseconds, user and system, with the children it has waited for. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user = '0', system = '0', childUser = '0', childSystem = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(String);
  return ((Number(user) + Number(system) + Number(childUser) + Number(childSystem)) / ticks) * 1_000_000;
}

/** Waits until a process is at rest: what it does once after its start is no part of an update. */
export async function atRest(pid: number): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const before = cpuOf(pid);
    await new Promise((resolve) => setTimeout(resolve, 300));
    quiet = cpuOf(pid) - before < 100_000 ? quiet + 1 : 0;
  }
}

/** Resident memory in bytes. */
export function residentOf(pid: number): number {
  const [, kb = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) * 1024;
}

/** Bytes of heap in use after a collection, as the process itself writes them on SIGUSR2. */
export async function heapOf(pid: number, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (let i = 0; i < 600 && !existsSync(file); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  return Number(readFileSync(file, 'utf8'));
}

export function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? Number.NaN) : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
};

/** `share`: 0.99 for the p99. */
export const percentile = (values: number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};
