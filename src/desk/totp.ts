// Codes of an authenticator app: RFC 6238 over HMAC-SHA-1 with 30 seconds and six digits, which is what
// every such app can do. One step early or late fits too, for telephones' clocks differ.
import { createHmac, timingSafeEqual } from 'node:crypto';

const stepMs = 30_000;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 bits, as the RFC wishes. */
export const secretBytes = 20;

export const stepAt = (now: number): number => Math.floor(now / stepMs);

/** The code of one time step. */
export function codeAt(secret: Buffer, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/** The time step this code is of, or null. Every step is compared, whatever fitted before. */
export function stepOf(secret: Buffer, given: string, now: number): number | null {
  const typed = given.replace(/\s/g, '');
  const code = Buffer.from(/^\d{6}$/.test(typed) ? typed : '------');
  let fits: number | null = null;
  for (const step of [stepAt(now) - 1, stepAt(now), stepAt(now) + 1]) {
    const wanted = Buffer.from(codeAt(secret, step));
    if (code.length === wanted.length && timingSafeEqual(code, wanted)) fits = step;
  }
  return fits;
}

/** As apps take it when it is typed by hand. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** What the drawn code says. */
export function address(secret: Buffer, login: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
