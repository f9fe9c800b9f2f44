// How times, waits, languages and coded answers are written for a caseworker. Whatever a telephone
// number looks like, it never leaves through here.
import type { Known, Value } from '../flow/session.ts';
import type { Desk } from './desk.ts';

const minute = 60_000;

/** The end of a text key: our codes have `_` and `.`, text keys have `-`. */
export const slug = (code: string): string => code.replace(/[_.]/g, '-');

/** What an organisation is called in events: small letters and hyphens, whatever its name. */
export const organisationId = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);

export const iso = (ms: number): string => new Date(ms).toISOString();

/** "2 h 10 min". */
export function span(desk: Desk, lang: string, ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / minute));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return desk.text(lang, 'wait.minutes', { minutes: String(minutes) });
  if (hours < 48)
    return desk.text(lang, minutes % 60 === 0 ? 'wait.full' : 'wait.hours', { hours: String(hours), minutes: String(minutes % 60) });
  return desk.text(lang, 'wait.days', { days: String(Math.floor(hours / 24)), hours: String(hours % 24) });
}

/** One maker of words for each language of the desk: making one takes longer than drawing a row of the queue. */
function perLanguage<T>(make: (lang: string) => T): (lang: string) => T {
  const made = new Map<string, T>();
  return (lang) => {
    const one = made.get(lang) ?? make(lang);
    made.set(lang, one);
    return one;
  };
}
/** Day before month, also in English. */
export const dates = (form: Intl.DateTimeFormatOptions) =>
  perLanguage((lang) => new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, form));

const moments = dates({
  ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' },
  numberingSystem: 'latn', // whatever the machine thinks of Arabic: colleagues copy these digits
});
const days = dates({ day: 'numeric', month: 'short', year: 'numeric' });

/** Date and time with the name of the time zone, for colleagues may sit in another one. */
export const moment = (lang: string, ms: number): string => moments(lang).format(ms);

export const dayOf = (lang: string, ms: number): string => days(lang).format(ms);

const namesOf = {
  language: perLanguage((lang) => new Intl.DisplayNames([lang], { type: 'language' })),
  region: perLanguage((lang) => new Intl.DisplayNames([lang], { type: 'region' })),
};
const named = (lang: string, type: keyof typeof namesOf, code: string) => {
  try {
    return namesOf[type](lang).of(code) ?? code;
  } catch {
    return code;
  }
};
export const languageName = (lang: string, code: string): string => named(lang, 'language', code);
export const countryName = (lang: string, code: string): string => named(lang, 'region', code.toUpperCase());

/** An office that is a country is called like it; one with a name of its own, by that. */
export const officeName = (lang: string, office: string): string =>
  /^[a-z]{2}$/.test(office)
    ? countryName(lang, office)
    : office.replace(/(^|-)(\p{L})/gu, (_, before, first) => `${before && ' '}${first.toUpperCase()}`);

/** A text of ours, or something else where there is none: an older or newer version may have written the code. */
function spoken(desk: Desk, lang: string, key: string, otherwise: string): string {
  try {
    return desk.text(lang, key);
  } catch {
    return otherwise;
  }
}
export const actionWords = (desk: Desk, lang: string, action: string): string => spoken(desk, lang, `action.${slug(action)}`, action);

/** Why a channel does not work: in our words where we have them, else as the channel said it. */
export const reasonWords = (desk: Desk, lang: string, reason: string): string => spoken(desk, lang, `channels.why.${slug(reason)}`, reason);

/** Who did something: a colleague's name, or what acts by itself. */
export const actorName = (desk: Desk, lang: string, names: Map<string, string>, id: string): string =>
  names.get(id) ?? spoken(desk, lang, `actor.${id}`, '–');

/** The answer that is a telephone number. */
export const phoneItem = 'number';

/** Answers as they may be shown: the telephone number only as "given". */
export function shownAnswers(answers: Known): Known {
  const phone = answers[phoneItem];
  return phone === undefined || phone === null ? answers : { ...answers, [phoneItem]: 'given' };
}

/** An answer in words; null is "not answered". A code no locale knows is shown as it is: the page must open all the same. */
export function answerWords(desk: Desk, lang: string, item: string, value: Value): { title: string; value: string | null } {
  const given = value === null || value.length === 0 ? null : value;
  const plain = given === null ? null : [given].flat().join(', ');
  try {
    if (item === phoneItem || given === null)
      return { title: desk.answer(lang, item, null).title, value: given === null ? null : desk.text(lang, 'phone.given') };
    return desk.answer(lang, item, given);
  } catch {
    return { title: item, value: plain };
  }
}
