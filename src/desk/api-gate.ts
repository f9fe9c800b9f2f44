// Who asks the interface: the holder of `DESK_API_TOKEN`, or an outside endpoint with the token it was
// given. An endpoint reaches its own events and the requests shared with it, and nothing else exists.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { makeBucket } from '../http/bucket.ts';
import { problem } from '../http/problem.ts';
import { type Endpoint, endpointByToken } from '../store/endpoints.ts';
import type { Desk } from './desk.ts';

/** `desk`: the token of the settings. */
export type Caller = 'desk' | Endpoint;

const callers = new WeakMap<Request, Caller>();
export const callerOf = (request: Request): Caller => {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('a route before the gate');
  return caller;
};

const digest = (text: string) => createHash('sha256').update(text).digest();

export function makeGate(desk: Desk): RequestHandler {
  const wanted = desk.apiToken === undefined ? null : digest(desk.apiToken);
  const guesses = makeBucket(30, 1000);
  const calls = makeBucket(120, 100);
  return async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    const now = desk.now().getTime();
    const given = /^Bearer (.{1,500})$/i.exec(request.get('authorization') ?? '')?.[1];
    if (wanted !== null && given !== undefined && timingSafeEqual(digest(given), wanted)) {
      callers.set(request, 'desk');
      return next();
    }
    const endpoint = given?.startsWith('avr_') ? await endpointByToken(desk.keep, desk.seal, given) : null;
    if (endpoint !== null) {
      if (endpoint.state === 'disabled') return problem(response, 'forbidden', 'This endpoint is turned off.');
      if (!calls(endpoint.id, now)) return problem(response, 'too_many');
      callers.set(request, endpoint);
      return next();
    }
    if (!guesses(String(request.ip), now)) return problem(response, 'too_many');
    response.set('WWW-Authenticate', 'Bearer');
    problem(response, 'unauthorized');
  };
}

/** For routes that work on requests: an endpoint reads and is told, it does not work here. */
export const deskOnly = (request: Request, response: Response, next: () => void): void => {
  if (callerOf(request) === 'desk') next();
  else problem(response, 'forbidden');
};
