// A code on a poster: short, made by us alone, and worth nothing but a name.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeIn, inMessage, newCode, signed, unsigned } from '../../src/link/code.ts';
import { makeIndex } from '../../src/store/seal.ts';

const index = makeIndex(Buffer.alloc(32, 7));
const random = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 24, maxLength: 24 });

describe('a link code', () => {
  it('is ours when we made it, in capitals too, and fits every channel', () => {
    fc.assert(
      fc.property(random, (hex) => {
        const code = newCode(hex);
        const whole = signed(index, code);
        expect(whole).toMatch(/^[a-z0-9]{14}$/);
        expect(unsigned(index, whole)).toBe(code);
        expect(unsigned(index, whole.toUpperCase())).toBe(code);
      }),
    );
  });

  it('is nobody’s when one sign of it was changed, or another deployment made it', () => {
    fc.assert(
      fc.property(random, fc.nat(13), (hex, at) => {
        const whole = signed(index, newCode(hex));
        const other = whole[at] === '2' ? '3' : '2';
        expect(unsigned(index, whole.slice(0, at) + other + whole.slice(at + 1))).toBeNull();
        expect(unsigned(makeIndex(Buffer.alloc(32, 8)), whole)).toBeNull();
      }),
    );
  });

  it('can be no text that somebody made up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(unsigned(index, text)).toBeNull();
      }),
    );
    for (const text of ['', 'x'.repeat(10_000), "' or 1=1 --", '../../etc/passwd', 'كود', '2345678', '２３４５６７８９２３４５６７'])
      expect(unsigned(index, text)).toBeNull();
  });

  it('is found in the words a link had ready, and nowhere else', () => {
    const whole = signed(index, newCode('0123456789abcdef01234567'));
    expect(codeIn(`Hello ${inMessage(whole)}`)).toBe(whole);
    expect(codeIn(`مرحبا ${inMessage(whole.toUpperCase())}.`)).toBe(whole.toUpperCase());
    expect(codeIn(`Hello ${inMessage(whole)}x`)).toBeNull();
    expect(codeIn(`Hello ${whole}`)).toBeNull();
    expect(codeIn('Hello #help')).toBeNull();
  });
});
