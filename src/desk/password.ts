// Passwords, by the argon2id that Node brings. A sign-in with an unknown name costs the same time as
// one with a wrong password, so nobody learns which names exist.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

export const shortest = 12;
export const longest = 200;

const cost = { memory: 19456, passes: 2, parallelism: 1, tagLength: 32 };

function derive(password: string, nonce: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const message = password.normalize('NFC');
    argon2('argon2id', { message, nonce, ...cost }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const key = await derive(password, nonce);
  return `argon2id$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${nonce.toString('base64')}$${key.toString('base64')}`;
}

/** `stored` null: nobody of that name; the work is done all the same. */
export async function fitsPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , nonce = '', key = ''] = (stored ?? '').split('$');
  const wanted = Buffer.from(key, 'base64');
  const given = await derive(password, stored === null ? Buffer.alloc(16) : Buffer.from(nonce, 'base64'));
  return stored !== null && given.length === wanted.length && timingSafeEqual(given, wanted);
}
