// Whether somebody at a desk elsewhere can read a protection request. The chat must not promise people
// whom nobody has; while that is not known, it offers contacts only.
import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { post } from '../handoff/post.ts';
import { sign } from '../handoff/sign.ts';

const everyMs = 60_000;
const soonMs = 2_000;
/** For so long the last answer counts while the desk is away; its requests wait for it too. */
const trustMs = 3_600_000;

/** Asks at once and then every minute, beside `/hooks/cases` of the desk. */
export function watchStaff(config: Config, secrets: string[]): { protection: () => Promise<boolean>; stop(): void } {
  const url = new URL('staff', config.HANDOFF_URL).href;
  let known: { there: boolean; at: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const ask = async () => {
    const body = Buffer.from('{}');
    const headers = sign(secrets, `msg_${randomBytes(16).toString('hex')}`, body, Date.now());
    const status = await post(url, headers, body).catch(() => 0);
    if (status === 200 || status === 204) known = { there: status === 200, at: Date.now() };
    if (!stopped) timer = setTimeout(ask, status === 200 || status === 204 ? everyMs : soonMs).unref();
  };
  void ask();
  return {
    protection: async () => known?.there === true && Date.now() - known.at < trustMs,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
