// Keeps names, numbers and web addresses readable inside texts written from right to left. Without marks
// a phone may show a telephone number backwards, or turn a whole line round because it begins with "IOM".

const mark = '\u200f';
const open = '\u2068';
const close = '\u2069';
const marks = /[\u200e\u200f\u2066-\u2069]/gu;

/**
 * From a Latin letter or digit to the last one that only signs of names, numbers and addresses divide from it, and a
 * bracket after. Two blanks end it: they stand between the number of a choice and its words, "1  18 years".
 */
const run =
  /[+@#]?[\p{Script=Latin}\p{Nd}](?:(?:[\p{Script=Latin}\p{Nd}\p{Mn}.,:;/@_+#&?=%~()'’-]| (?! ))*[\p{Script=Latin}\p{Nd}%])?\)?/gu;
/** Signs before the first letter or digit: bullets, emoji, quotes. */
const beginsLatin = /^[^\p{L}\p{Nd}\p{Script=Latin}]*[\p{Script=Latin}\p{Nd}]/u;

/** The text with marks where its language is written from right to left; done twice it changes nothing more. */
export function directed(text: string, direction: 'ltr' | 'rtl'): string {
  if (direction === 'ltr') return text;
  return text.replace(marks, '').split('\n').map(line).join('\n');
}

function line(text: string): string {
  const isolated = text.replace(run, isolate);
  return beginsLatin.test(text) ? `${mark}${isolated}` : isolated;
}

/** A bracket goes with the words it closes: alone outside it would be turned to the wrong side. One that is not closed parts two numbers. */
function isolate(found: string): string {
  const parted = /^([^()]*[^() ])( ?\()([^()]+)$/.exec(found);
  if (parted !== null) return `${isolate(parted[1] ?? '')}${parted[2]}${isolate(parted[3] ?? '')}`;
  const stray = found.endsWith(')') && found.split(')').length > found.split('(').length;
  return stray ? `${open}${found.slice(0, -1)}${close})` : `${open}${found}${close}`;
}
