// One signed POST to an outside endpoint: to a checked address only, no redirects, five seconds to
// connect and fifteen for all of it. The status counts as soon as it is there; the answer's body is
// thrown away, and a connection that drips one is cut.
import http from 'node:http';
import https from 'node:https';
import { addressFault, Forbidden, makeLookup, type Resolve, type Rules } from './address.ts';
import type { SignedHeaders } from './sign.ts';

export type Sent = { status: number; retryAfterMs: number | null };
export type Send = (url: string, headers: SignedHeaders, body: Buffer) => Promise<Sent>;
type Limits = { connectMs: number; totalMs: number };

/** Thrown instead of an answer. `code`: a class of ours, never the words of a library. */
export class Undelivered extends Error {
  override name = 'Undelivered';
  readonly code: 'address' | 'timeout' | 'tls' | 'dns' | 'refused' | 'reset' | 'network';
  constructor(code: Undelivered['code']) {
    super(code);
    this.code = code;
  }
}

const day = 86_400_000;
const usual: Limits = { connectMs: 5_000, totalMs: 15_000 };

function classOf(error: unknown): Undelivered {
  if (error instanceof Undelivered) return error;
  if (error instanceof Forbidden) return new Undelivered('address');
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(ENOTFOUND|EAI_)/.test(code)) return new Undelivered('dns');
  if (/CERT|TLS|SSL|SIGNATURE|ISSUER|EPROTO/.test(code)) return new Undelivered('tls');
  if (code === 'ECONNREFUSED') return new Undelivered('refused');
  return new Undelivered(/^(ECONNRESET|EPIPE|HPE_)/.test(code) ? 'reset' : 'network');
}

/** Seconds or a date, in milliseconds from now, at most a day. */
export function retryAfter(given: string | undefined, now: number): number | null {
  if (given === undefined) return null;
  const ms = /^\d{1,9}$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, day) : null;
}

/** `ca`: a certificate to trust beside the usual ones. */
export function makeSend(rules: Rules, now: () => number, given: { resolve?: Resolve; limits?: Limits; ca?: string } = {}) {
  const { connectMs, totalMs } = given.limits ?? usual;
  const lookup = makeLookup(rules, given.resolve);
  const pool = { keepAlive: true, maxSockets: 8, maxFreeSockets: 1, timeout: totalMs };
  const plain = new http.Agent(pool);
  const secure = new https.Agent({ ...pool, ...(given.ca !== undefined && { ca: given.ca }) });

  const send: Send = (url, headers, body) => {
    if (addressFault(url, rules) !== null) return Promise.reject(new Undelivered('address'));
    const target = new URL(url);
    const tls = target.protocol === 'https:';
    return new Promise<Sent>((resolve, reject) => {
      const request = (tls ? https : http).request(
        target,
        {
          method: 'POST',
          agent: tls ? secure : plain,
          lookup,
          headers: { ...headers, 'content-type': 'application/json', 'content-length': body.length, 'user-agent': 'avr-bot' },
        },
        (response) => {
          const { statusCode = 0 } = response;
          resolve({ status: statusCode, retryAfterMs: retryAfter(response.headers['retry-after'], now()) });
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > 65_536) response.destroy();
          });
          response.once('error', () => {});
        },
      );
      const total = setTimeout(() => request.destroy(new Undelivered('timeout')), totalMs);
      let connect: NodeJS.Timeout | undefined;
      request.once('socket', (socket) => {
        if (!socket.connecting) return;
        connect = setTimeout(() => request.destroy(new Undelivered('timeout')), connectMs);
        socket.once(tls ? 'secureConnect' : 'connect', () => clearTimeout(connect));
      });
      request.once('error', (error) => reject(classOf(error)));
      request.once('close', () => {
        clearTimeout(total);
        clearTimeout(connect);
        // Does nothing after an answer.
        reject(new Undelivered('reset'));
      });
      request.end(body);
    });
  };
  return {
    send,
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}
