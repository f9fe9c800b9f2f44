// The one HTTP server: strict headers on everything, no body parser of its own (each router brings
// the one it needs, with limits, after it has checked what it must), and one place where whatever
// was thrown ends as an answer that tells nothing but an id.
import { randomBytes } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import helmet from 'helmet';
import { codeOf, type Log } from '../log.ts';
import { makeAssets } from './assets.ts';
import { html, type Safe, write } from './html.ts';
import { type ProblemCode, problem, statusOf } from './problem.ts';

export type AppParts = {
  /** Number of proxies in front: a count, never "all of them", or anybody could forge an address. */
  trustProxy: number;
  log: Log;
  /** Mounts the routers of the other rooms. */
  mount(app: Express): void;
  /** A whole page for people. The built-in one is English and plain. */
  errorPage?: ((code: ProblemCode, id: string | null, request: Request) => Safe) | undefined;
};

const plainPage = (code: ProblemCode, id: string | null): Safe => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${statusOf(code)}</title></head>
<body><main><h1>${code === 'not_found' ? 'There is nothing here.' : 'Something went wrong.'}</h1>
${id !== null && html`<p>If you report this, give this number: <b>${id}</b></p>`}</main></body></html>`;

/** What the libraries below us throw on a bad request, as a code of ours. */
function codeFor(error: unknown): ProblemCode | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  if (error.status === 413) return 'too_large';
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? 'bad_request' : null;
}

/** Programs get JSON, people get a page. */
const wantsPage = (request: Request) =>
  !/^\/(api|hooks|telegram)\b/.test(request.originalUrl) && request.accepts(['json', 'html']) === 'html';

export function makeApp(parts: AppParts): Express {
  const { log, errorPage = plainPage } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', parts.trustProxy);
  app.set('query parser', 'simple');
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'"],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
        },
      },
      // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
      referrerPolicy: { policy: 'same-origin' },
    }),
  );
  app.use(makeAssets());
  parts.mount(app);

  app.use((request, response) => {
    if (wantsPage(request))
      response
        .status(404)
        .set('Cache-Control', 'no-store')
        .type('html')
        .send(write(errorPage('not_found', null, request)));
    else problem(response, 'not_found');
  });
  const caught: ErrorRequestHandler = (error, request, response, next) => {
    const known = codeFor(error);
    const code = known ?? 'unavailable';
    const id = known === null ? randomBytes(4).toString('hex') : null;
    if (id !== null) log.error('http.failed', { code: `${codeOf(error)}:${id}`, path: String(request.route?.path ?? '') });
    if (response.headersSent) return next(error);
    if (wantsPage(request))
      response
        .status(statusOf(code))
        .set('Cache-Control', 'no-store')
        .type('html')
        .send(write(errorPage(code, id, request)));
    else problem(response, code, id === null ? undefined : `This is not possible just now. If you report it, give this number: ${id}`);
  };
  app.use(caught);
  return app;
}
