// Loaded before whatever is measured: on SIGUSR2 it collects garbage and writes how much is left.
import { renameSync, writeFileSync } from 'node:fs';

const file = process.env.BENCH_HEAP;
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  writeFileSync(`${file}.new`, String(process.memoryUsage().heapUsed));
  renameSync(`${file}.new`, file);
});
