// Refuses changes that another site makes a browser send. The browser says itself where a request
// comes from; where it says nothing at all, the answer is no.
import type { Request, RequestHandler } from 'express';
import { problem } from './problem.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

const hostOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).host : null);

/** Whether this request was made by one of our own pages or typed by hand. */
function fromHere(request: Request, publicUrl: string): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('origin');
  const host = origin === undefined ? null : hostOf(origin);
  return host !== null && (host === hostOf(publicUrl) || host === request.get('host'));
}

/** Middleware for everything that works with cookies; `refuse` answers in the form of its pages. */
export function sameSite(publicUrl: string, refuse?: (request: Request, response: Parameters<RequestHandler>[1]) => void): RequestHandler {
  return (request, response, next) => {
    if (reading.has(request.method) || fromHere(request, publicUrl)) next();
    else if (refuse !== undefined) refuse(request, response);
    else problem(response, 'forbidden');
  };
}
