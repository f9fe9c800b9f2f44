// The thread that proves the flows while the product runs. It reads the folders again, since functions
// cannot be handed over, and leaves its verdict for the next start.
import { parentPort, workerData } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { loadContent } from '../text/content.ts';
import { proofKey, proveContent, rememberProof } from './proof.ts';

const config = workerData as Config;
const content = await loadContent(config.FLOWS_DIR, config.LOCALES_DIR, config.MODE);
// Whoever edits the folders now is answered at the next start.
if (!('findings' in content)) {
  const { findings } = proveContent(content);
  rememberProof(config, { key: proofKey(content), findings });
  parentPort?.postMessage(findings);
}
