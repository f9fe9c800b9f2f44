// Codes of an authenticator app, against the vectors of RFC 6238 and RFC 4648.
import { describe, expect, it } from 'vitest';
import { address, base32, codeAt, stepAt, stepOf } from '../../src/desk/totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('a code', () => {
  it.for<[number, string]>([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at second %d is the one of RFC 6238', ([second, code]) => {
    expect(codeAt(secret, stepAt(second * 1000), 8)).toBe(code);
    expect(codeAt(secret, stepAt(second * 1000))).toBe(code.slice(2));
  });

  it('fits half a minute early and late, and not longer', () => {
    const now = 1_111_111_111_000;
    const at = stepAt(now);
    expect([-2, -1, 0, 1, 2].map((away) => stepOf(secret, codeAt(secret, at + away), now))).toEqual([null, at - 1, at, at + 1, null]);
  });

  it('may be typed with a gap, and nothing else passes', () => {
    const now = 59_000;
    expect(stepOf(secret, '287 082', now)).toBe(1);
    for (const wrong of ['', '28708', '287083', 'abcdef', '２８７０８２', '287082; drop']) expect(stepOf(secret, wrong, now)).toBeNull();
  });

  it('has a secret that apps read', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(address(secret, 'amina k', 'avr-bot')).toBe(
      'otpauth://totp/avr-bot:amina%20k?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=avr-bot',
    );
  });
});
