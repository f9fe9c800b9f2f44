import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/flow/fold.ts';
import { directed } from '../../src/text/directed.ts';

const piece = fc.oneof(
  fc.constantFrom('مرحبا', 'العودة الطوعية', 'سلام', '؟', '، ', '. ', '\n', ' ', '• ', '🆘 ', '«', '»', ': '),
  fc.constantFrom(
    'IOM',
    'UNHCR',
    '+375 17 328 69 61',
    '7K4-2PD',
    '9-17',
    'iomathens@iom.int',
    'Fund (example)',
    '(IOM)',
    'help.unhcr.org/usa',
    '1',
    '24',
    '٣',
    'é',
    '@demo',
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const texts = fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(''));
const without = (text: string) => text.replace(/[\u200e\u200f\u2066-\u2069]/gu, '');

describe('a text written from right to left', () => {
  it('keeps every sign, and says the same to whoever compares words', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(without(directed(text, 'rtl'))).toBe(without(text));
        expect(fold(directed(text, 'rtl'))).toBe(fold(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('has every Latin letter and every digit in an isolate, and each isolate closed on its line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const line of directed(text, 'rtl').split('\n')) {
          expect(line.replace(/\u2068[^\u2068\u2069\n]*\u2069/gu, '')).not.toMatch(/[\u2068\u2069\p{Script=Latin}\p{Nd}]/u);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has a mark before each line that begins with a Latin letter or a digit, and nowhere else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = directed(text, 'rtl').split('\n');
        without(text)
          .split('\n')
          .forEach((line, i) => {
            const first = /[\p{L}\p{Nd}\p{Script=Latin}]/u.exec(line)?.[0] ?? '';
            expect(lines[i]?.startsWith('\u200f')).toBe(/[\p{Script=Latin}\p{Nd}]/u.test(first));
            expect(lines[i]?.slice(1)).not.toContain('\u200f');
          });
      }),
      { numRuns: 1000 },
    );
  });

  it('is not changed by doing it again', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(directed(directed(text, 'rtl'), 'rtl')).toBe(directed(text, 'rtl'));
      }),
      { numRuns: 1000 },
    );
  });

  it('shows a telephone number, a name and an address in one piece each', () => {
    expect(directed('• اللجوء: UNHCR Minsk, +375 17 328 69 61', 'rtl')).toBe('• اللجوء: \u2068UNHCR Minsk, +375 17 328 69 61\u2069');
    expect(directed('IOM لا ترحّل أحدا', 'rtl')).toBe('\u200f\u2068IOM\u2069 لا ترحّل أحدا');
    expect(directed('رمزك: 7K4-2PD', 'rtl')).toBe('رمزك: \u20687K4-2PD\u2069');
    expect(directed('1  أنا', 'rtl')).toBe('\u200f\u20681\u2069  أنا');
    expect(directed('1  18 سنة', 'rtl')).toBe('\u200f\u20681\u2069  \u206818\u2069 سنة');
  });

  it('keeps a bracket with the words it closes, and leaves one that was opened outside', () => {
    expect(directed('من Fund (example).', 'rtl')).toBe('من \u2068Fund (example)\u2069.');
    expect(directed('الهجرة (IOM).', 'rtl')).toBe('الهجرة (\u2068IOM\u2069).');
    expect(directed('(Demo (example))', 'rtl')).toBe('\u200f(\u2068Demo (example)\u2069)');
  });
});

describe('a text written from left to right', () => {
  it('stays as it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(directed(text, 'ltr')).toBe(text);
      }),
    );
  });
});
