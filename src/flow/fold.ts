// Makes typed words comparable: case, accents, Arabic letter variants, invisible marks and the
// digits of every script. What a person means must not depend on the keyboard they have.

/** Value of a decimal digit of any script: all runs of ten in Unicode begin at a zero. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 128) return character;
  let zero = code;
  // Walking down to the run's start; two runs never touch except in the mathematical block, whose runs are also ten long.
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  if (code >= 0x1d7ce && code <= 0x1d7ff) return String((code - 0x1d7ce) % 10);
  return String(code - zero);
}

/** Digits of every script, Ethiopic ones and keycaps, as 0-9; the rest unchanged. */
export function digits(text: string): string {
  return text
    .replace(/\p{Nd}/gu, digit)
    .replace(/[\u1369-\u1371]/gu, (one) => String((one.codePointAt(0) ?? 0) - 0x1368))
    .replace(/\ufe0f?\u20e3/gu, '');
}

/** The folded form: small letters, no accents, no marks, single spaces. Emoji stay. */
export function fold(text: string): string {
  return (
    digits(text.normalize('NFKC'))
      .toLowerCase()
      .normalize('NFD')
      .replace(/[\p{M}\u0640]/gu, '')
      .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
      .replace(/[\u0649\u06cc\u06d2]/gu, '\u064a')
      .replace(/[\u06a9\u06aa]/gu, '\u0643')
      .replace(/[\u0622\u0623\u0625\u0671]/gu, '\u0627')
      .replace(/[\u0629\u06be\u06c0-\u06c3]/gu, '\u0647')
      // Few keyboards have them: a sister is sœur or soeur.
      .replace(/\u0153/gu, 'oe')
      .replace(/\u00e6/gu, 'ae')
      .replace(/[\u2018\u2019\u02bc\u00b4`']/gu, '')
      .replace(/[\p{P}\p{Z}\p{C}]+/gu, ' ')
      // Somebody who cries for help holds the key down; no Arabic word has the same letter three times in a row.
      .replace(/(\p{Script=Arabic})\1{2,}/gu, '$1')
      // دواء is typed دوا. Short words keep the sign: ماء is water, ما is "not".
      .replace(/(?<=\p{L}{2}[\u0627\u0648\u064a])\u0621(?!\p{L})/gu, '')
      .replace(/\u0131/gu, 'i')
      .trim()
  );
}
