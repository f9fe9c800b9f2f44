// What the pages of a link need from outside, and the words of one language of them.
import type { Request } from 'express';
import type { Log } from '../log.ts';
import type { Keep } from '../store/keep.ts';
import type { Index } from './code.ts';

/** A way to write to us. `handle`: how it is called on paper. */
export type Way = { name: 'telegram' | 'whatsapp' | 'web'; href: (code: string | null, lang: string) => string; handle: string };

export type Links = {
  keep: Keep;
  index: Index;
  log: Log;
  now: () => number;
  publicUrl: string;
  /** The first is the fallback. */
  languages: string[];
  direction(lang: string): 'ltr' | 'rtl';
  /** A text of `link.json`. */
  text(lang: string, key: string, values?: Record<string, string>): string;
  /** A language's own name. */
  languageName(lang: string): string;
  /** Who runs this chat (R36), and whether its help is free: `about` and `free`. */
  operator(lang: string): { about: string; free: string; name: string };
  /** Ways that are open just now, in an order that favours none: by name. */
  ways(): Way[];
  /** Countries with places where one can go, as `{code: name}` of that language. */
  countries(lang: string): Map<string, string>;
  points(country: string, lang: string): Point[];
  contacts(country: string, lang: string): string;
};

/** A place where one can go, in the words of one language. `checkedOn`: a date, absent while nobody has checked. */
export type Point = { name: string; where: string; hours: string; languages: string[]; how: string; checkedOn: string | null };

export type Words = {
  lang: string;
  dir: 'ltr' | 'rtl';
  text(key: string, values?: Record<string, string>): string;
};

export const wordsIn = (links: Links, lang: string): Words => ({
  lang,
  dir: links.direction(lang),
  text: (key, values) => links.text(lang, key, values),
});

/** The language asked for in the address, else the first of the browser's that we have, else our first. */
export function languageOf(links: Links, request: Request): string {
  const { in: asked } = request.query;
  const known = links.languages.find((lang) => lang === asked);
  if (known !== undefined) return known;
  const [fallback = 'en'] = links.languages;
  const best = request.acceptsLanguages(links.languages);
  return best === false ? fallback : best;
}
