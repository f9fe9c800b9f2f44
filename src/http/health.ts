// Whether the process lives, whether it can do its work, and a few figures for those who watch it.
// Checks and figures are handed in, so this room knows neither stores nor channels.
import express, { type Router } from 'express';

export type Check = () => boolean | Promise<boolean>;
export type Gauge = { name: string; help: string; value: number; labels?: Record<string, string> };

const limit = 2000;
const second = 1000;

/** A check that throws or hangs has not passed. */
async function passes(check: Check): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limit);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Prometheus text; each name is described once. */
export function prometheus(gauges: readonly Gauge[]): string {
  const told = new Set<string>();
  return gauges
    .map(({ name, help, value, labels }) => {
      const head = told.has(name) ? '' : `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
      told.add(name);
      const inside = Object.entries(labels ?? {}).map(([key, text]) => `${key}="${text.replace(/["\\\n]/g, '')}"`);
      return `${head}${name}${inside.length > 0 ? `{${inside.join(',')}}` : ''} ${value}\n`;
    })
    .join('');
}

/** `/healthz`, `/readyz` and `/metrics`. */
export function makeHealth(checks: Readonly<Record<string, Check>>, metrics: () => string | Promise<string>): Router {
  const router = express.Router();
  let asked: Promise<(readonly [string, boolean])[]> | null = null;
  /** Checks write to the disk: whoever asks again within a second hears the same. */
  const results = () => {
    asked ??= Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await passes(check)] as const)).finally(() => {
      setTimeout(() => {
        asked = null;
      }, second).unref();
    });
    return asked;
  };
  router.use(['/healthz', '/readyz', '/metrics'], (_, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/healthz', (_, response) => {
    response.json({ ok: true });
  });
  router.get('/readyz', async (_, response) => {
    const found = await results();
    const ready = found.every(([, passed]) => passed);
    response.status(ready ? 200 : 503).json({ ready, checks: Object.fromEntries(found) });
  });
  router.get('/metrics', async (_, response) => {
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics());
  });
  return router;
}
