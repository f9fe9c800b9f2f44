// A file opened in a spreadsheet runs nothing, whatever stands in its cells.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell, csv } from '../../src/desk/csv.ts';
import { hostile } from '../support/hostile.ts';

/** What a program reads in the one cell of a line. */
const read = (written: string) => written.slice(1, -1).replaceAll('""', '"');
/** The first sign a person would see. */
const first = (text: string) => /[^\uFEFF\s\p{C}]/u.exec(text)?.[0] ?? '';
const begins = '=+-@|%＝＋－＠';

describe('a cell', () => {
  it.for([
    '=1+1',
    '+49',
    '-2',
    '@SUM(A1)',
    '|calc',
    '%0A',
    '＝1',
    '＋1',
    '－1',
    '＠a',
    ' =1',
    '\t=1',
    '\r\n=1',
    '\uFEFF=1',
    '\u200B\u0000 =1',
    '\u00A0@x',
  ])('that begins with %j is a text', (given) => {
    expect(read(cell(given))).toBe(`'${given}`);
  });

  it.for(['7K4-2PD', 'a=b', '', 'Élise', 'مرحبا', '2026-11-24', "it's"])('%j stays as it is', (given) => {
    expect(read(cell(given))).toBe(given);
  });

  it('never begins with what starts a formula, and loses nothing', () => {
    const sign = fc.oneof(
      fc.constantFrom(...begins, '\uFEFF', '\t', '\n', '\u0000', '\u200F', '"', ','),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 8 }), (signs) => {
        const given = signs.join('');
        const text = read(cell(given));
        expect([given, `'${given}`]).toContain(text);
        if (begins.includes(first(given)) && first(given) !== '') expect(text).toBe(`'${given}`);
        expect(cell(given).slice(1, -1).replaceAll('""', '')).not.toContain('"');
      }),
      { numRuns: 2000 },
    );
  });

  it('of any hostile text holds no formula', () => {
    for (const text of hostile) expect(begins.includes(first(read(cell(text))) || 'x')).toBe(false);
  });
});

it('a table has one line for each row', () => {
  expect(
    csv([
      ['a', 'b'],
      ['1', 'x,"y"\nz'],
    ]),
  ).toBe('"a","b"\r\n"1","x,""y""\nz"\r\n');
});
