// The one list of things that can go wrong over HTTP, and the one place that answers them. No
// message repeats what was sent.
import type { Response } from 'express';

export const problems = {
  bad_request: [400, 'This request cannot be read.'],
  unauthorized: [401, 'Not signed in, or the signature does not fit.'],
  forbidden: [403, 'This is not allowed here.'],
  not_found: [404, 'There is nothing here.'],
  claimed: [409, 'Somebody else has claimed this request.'],
  closed: [409, 'This request is closed.'],
  no_consent: [409, 'The person has not agreed to this, or has taken it back.'],
  conflict: [409, 'This does not fit the present state.'],
  stale: [412, 'The request has changed since it was read.'],
  too_large: [413, 'This is too large.'],
  invalid: [422, 'Something in this request is missing or not valid.'],
  too_many: [429, 'Too many attempts. Please wait.'],
  unavailable: [503, 'This is not possible just now.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problems;

export const statusOf = (code: ProblemCode): number => problems[code][0];

/** Answers `{"error":{"code","message"}}`. */
export function problem(response: Response, code: ProblemCode, message?: string): void {
  const [status, words] = problems[code];
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .json({ error: { code, message: message ?? words } });
}
