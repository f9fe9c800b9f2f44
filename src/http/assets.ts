// Our own style sheets, scripts and fonts (and nothing else), read once. Their address carries a hash of their content,
// so a browser may keep them for ever and still never shows an old one.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import express, { type Router } from 'express';

const types: Record<string, string> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  txt: 'text/plain',
};
const folder = new URL('./assets/', import.meta.url);

const files = new Map(
  readdirSync(folder)
    .filter((name) => types[name.split('.').at(-1) ?? ''] !== undefined)
    .map((name) => {
      const bytes = readFileSync(new URL(name, folder));
      return [name, { bytes, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 12) }] as const;
    }),
);

/** The address of a file in `assets/`. */
export function asset(name: string): string {
  const file = files.get(name);
  if (file === undefined) throw new Error(`no asset ${name}`);
  return `/assets/${name}?v=${file.hash}`;
}

export function makeAssets(): Router {
  const router = express.Router();
  router.get('/assets/:name', (request, response, next) => {
    const name = String(request.params['name']);
    const file = files.get(name);
    if (file === undefined) return next();
    const known = request.query['v'] === file.hash;
    response
      .set('Cache-Control', known ? 'public, max-age=31536000, immutable' : 'no-cache')
      .type(types[name.split('.').at(-1) ?? ''] ?? 'text/plain')
      .send(file.bytes);
  });
  return router;
}
