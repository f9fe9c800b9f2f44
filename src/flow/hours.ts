// Hours as they are written in the files, "Mo-Fr 9-17", read once, so that each person gets them in words of
// their own language. Who needs other words ("by appointment") gives them in each language instead.
import { z } from 'zod';

const day = '(?:Mo|Tu|We|Th|Fr|Sa|Su)';
const time = '(?:(?:[01]?\\d|2[0-3])(?::[0-5]\\d)?|24)';
const span = `${time}-${time}`;
const days = `${day}(?:-${day})?(?:,${day}(?:-${day})?)*`;
const times = `${span}(?:,${span})*`;
const part = `(?:${days} )?${times}`;
const notation = new RegExp(`^(?:24 h|${part}(?:; ${part})*)$`);

/** Language to words; English where a language has none. */
const inWords = z.object({ en: z.string().min(1).max(80) }).catchall(z.string().min(1).max(80));
const how = 'such as Mo-Fr 9-17, or Mo,We 8:30-12,13-16; Sa 9-12, or 24 h; or words in each language, English among them';

export const hours = z.union([z.string().max(80).regex(notation, how), inWords]).describe(`Hours, ${how}`);
/** Of the operator: any words, but only the notation and the list of languages are said in each language. */
export const staffHours = z.union([z.string().min(1).max(200), inWords]);
export type Hours = z.infer<typeof staffHours>;

/** Days count from Monday, 0; no days: the source names none. A range is a pair, a single one stands alone. */
export type Opening = { days: number[][]; times: { from: string; to: string }[] };

const order = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const clock = (text: string): string => (text.includes(':') ? text : `${text}:00`).replace(/^0(?=\d)/, '');
const pair = (text: string): [string, string] => {
  const [from = '', to = from] = text.split('-');
  return [from, to];
};

/** What the notation means; null for words that are not in it. */
export function readHours(text: string): Opening[] | 'always' | null {
  if (!notation.test(text)) return null;
  if (text === '24 h') return 'always';
  return text.split('; ').map((one) => {
    const [first = '', second] = one.split(' ');
    const named = second === undefined ? [] : first.split(',');
    return {
      days: named.map((days) => [...new Set(pair(days))].map((name) => order.indexOf(name))),
      times: (second ?? first).split(',').map((span) => {
        const [from, to] = pair(span);
        return { from: clock(from), to: clock(to) };
      }),
    };
  });
}
