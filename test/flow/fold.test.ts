import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digits, fold } from '../../src/flow/fold.ts';

describe('what people type means the same on every keyboard', () => {
  it.each([
    ['ÉLÈVE', 'eleve'],
    ['Sœur', 'soeur'],
    ['  Stop!! ', 'stop'],
    ['can’t', "can't"],
    ['مساعدة', 'مساعده'],
    ['أنا', 'انا'],
    ['کمک', 'كمك'],
    ['یاری', 'ياري'],
    ['s\u200bt\u200do\u2060p', 'stop'],
    ['st\u00adop', 'stop'],
    ['ＳＴＯＰ', 'stop'],
    ['النجدةةةة', 'النجده'],
    ['الحقوووووني', 'الحقوني'],
    ['مُسَاعَـــدة', 'مساعده'],
    ['الدواء', 'الدوا'],
    ['مستشفى', 'مستشفي'],
    ['مسؤول', 'مسوول'],
    ['طوارئ', 'طواري'],
    ['إيقاف', 'ايقاف'],
    ['آخر', 'اخر'],
    ['نعمہ', 'نعمه'],
    ['İstanbul', 'istanbul'],
  ])('"%s" is "%s"', (written, meant) => {
    expect(fold(written)).toBe(fold(meant));
  });

  it('but water is not taken for "not"', () => {
    expect(fold('ماء')).not.toBe(fold('ما'));
  });

  it('digits of every script are digits', () => {
    expect(digits('٣۳३৩၃')).toBe('33333');
    expect(digits('3\ufe0f\u20e3 ፫')).toBe('3 3');
    expect(digits('\u{1d7d9}\u{1d7e3}')).toBe('11');
  });

  it('every decimal digit Unicode knows has its value', () => {
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const sign = String.fromCodePoint(code);
      if (/\p{Nd}/u.test(sign)) expect(digits(sign), code.toString(16)).toMatch(/^\d$/);
    }
    expect([...'٠١٢٣٤٥٦٧٨٩'].map(digits).join('')).toBe('0123456789');
    expect([...'꩐꩑꩒꩓꩔꩕꩖꩗꩘꩙'].map(digits).join('')).toBe('0123456789');
  });

  it('emoji stay, so that they can be commands', () => {
    expect(fold('🆘')).toBe('🆘');
  });

  it('folding twice changes nothing more, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});
