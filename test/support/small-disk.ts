// A real file system that really gets full: a small one in memory, where this user may mount one. Elsewhere a
// limit on how large any file of the product may grow; the engine then hears that the disk failed.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SmallDisk = {
  path: string;
  /** From now on nothing more can be written by the process. */
  fill(pid: number): void;
  /** There is room again. */
  clear(pid: number): void;
  /** From now on it is read-only; false where this cannot be had. */
  lock(): boolean;
  remove(): void;
};

const runs = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

export function smallDisk(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'small-'));
  const mounted = process.getuid?.() === 0 && runs('mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', path);
  const filler = join(path, 'filler');
  return {
    path,
    fill(pid) {
      if (!mounted) execFileSync('prlimit', ['--pid', String(pid), '--fsize=0:unlimited']);
      else
        for (const size of [65_536, 4_096])
          for (let room = true; room; ) {
            try {
              writeFileSync(filler, Buffer.alloc(size, 1), { flag: 'a' });
            } catch {
              room = false;
            }
          }
    },
    clear(pid) {
      if (!mounted) execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']);
      else rmSync(filler);
    },
    lock() {
      if (mounted) return runs('mount', '-o', 'remount,ro', path);
      chmodSync(path, 0o500);
      const locked = process.getuid?.() !== 0;
      if (!locked) process.stderr.write('skipped: root may mount nothing here, and nothing else is read-only to root\n');
      return locked;
    },
    remove() {
      if (mounted) execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
