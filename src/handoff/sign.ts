// Standard Webhooks 1.0.0 headers, made and checked: HMAC-SHA256 over id, time and the raw body.
// Our own forty lines instead of a library, so that two secrets can sign while one is being replaced;
// the public library is held against them in the tests.
import { createHmac, timingSafeEqual } from 'node:crypto';

const tolerance = 5 * 60;

const key = (secret: string) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
const mac = (secret: string, id: string, seconds: string, body: Buffer) =>
  createHmac('sha256', key(secret)).update(`${id}.${seconds}.`).update(body).digest();

export type SignedHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };

/** Headers for one attempt. `secrets`: `whsec_…`, each adds a signature; `now` in milliseconds. */
export function sign(secrets: string[], id: string, body: Buffer, now: number): SignedHeaders {
  const seconds = String(Math.floor(now / 1000));
  const signatures = secrets.map((secret) => `v1,${mac(secret, id, seconds, body).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}

/** The webhook id when a signature fits and the time is within five minutes; otherwise null, without saying why. */
export function verify(
  secrets: string[],
  headers: Record<string, string | string[] | undefined>,
  body: Buffer,
  now: number,
): string | null {
  const id = headers['webhook-id'];
  const seconds = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof seconds !== 'string' || typeof signatures !== 'string') return null;
  if (!/^[\w-]{1,80}$/.test(id) || !/^\d{1,12}$/.test(seconds)) return null;
  if (Math.abs(now / 1000 - Number(seconds)) > tolerance) return null;
  const given = signatures.split(' ', 8).flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3), 'base64')] : []));
  const fits = secrets.some((secret) => {
    const wanted = mac(secret, id, seconds, body);
    return given.some((one) => one.length === wanted.length && timingSafeEqual(one, wanted));
  });
  return fits ? id : null;
}
