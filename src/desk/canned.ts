// Replies that are written already, in every language the desk has. The neutral ones say nothing that
// another reader of the phone must not learn; where others read it, they alone may be sent.
import type { Desk } from './desk.ts';

const neutral = ['hello', 'when', 'call', 'later'] as const;
const usual = ['greeting', 'safe', 'language', 'time', 'decided', 'lawyer', 'missed'] as const;

export type Canned = { id: string; text: string /** For the caseworker, when it is in another language. */; meaning: string };

/** Null where a language has no words for it: then it is not offered. */
function words(desk: Desk, lang: string, key: string, values: Record<string, string>): string | null {
  try {
    return desk.languages.includes(lang) ? desk.text(lang, key, values) : null;
  } catch {
    return null;
  }
}

/** In the person's language, with its meaning in the caseworker's. */
export function cannedReplies(
  desk: Desk,
  { language, reader, name, ref }: { language: string; reader: string; name: string; ref: string },
  only: 'neutral' | 'all',
): Canned[] {
  const values = { name, ref };
  const keys = [...neutral.map((id) => `canned.neutral.${id}`), ...(only === 'all' ? usual.map((id) => `canned.usual.${id}`) : [])];
  return keys.flatMap((key) => {
    const text = words(desk, language, key, values);
    return text === null ? [] : [{ id: key.slice('canned.'.length), text, meaning: words(desk, reader, key, values) ?? text }];
  });
}

/** No-break spaces do not survive every keyboard and clipboard. */
const spaced = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** Whether these are the words of a neutral text of ours, unchanged. */
export const isNeutral = (desk: Desk, lang: string, text: string): boolean =>
  neutral.some((id) => spaced(words(desk, lang, `canned.neutral.${id}`, {}) ?? '') === spaced(text));
