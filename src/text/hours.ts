// Hours in words: "Monday to Friday, 9:00 to 17:00". Names of days come from the platform (CLDR), words between
// them from the texts; "9-17" itself would read backwards in Arabic, and "Mo" means Monday to few.
import { type Hours, type Opening, readHours } from '../flow/hours.ts';
import type { Catalog } from './catalog.ts';

/** 1 January 2024 was a Monday. */
const monday = Date.UTC(2024, 0, 1);
const dayMs = 86_400_000;

export function hoursIn(hours: Hours, catalog: Catalog, lang: string): string {
  if (typeof hours !== 'string') return hours[lang] ?? hours.en;
  const opening = readHours(hours);
  if (opening === null) return hours;
  if (opening === 'always') return catalog.text(lang, 'common', 'hours.always');
  return opening.map((one) => openingIn(one, catalog, lang)).join('; ');
}

function openingIn({ days, times }: Opening, catalog: Catalog, lang: string): string {
  const locales = [lang, 'en'];
  const names = new Intl.DateTimeFormat(locales, { weekday: 'long', timeZone: 'UTC' });
  const list = new Intl.ListFormat(locales);
  const name = (day = 0): string => names.format(monday + day * dayMs);
  const time = (at: string): string => {
    const [hour = '', minute = ''] = at.split(':');
    return catalog.text(lang, 'common', 'hours.time', { hour, minute });
  };
  const dayWords = days.map(([from, to]) =>
    to === undefined ? name(from) : catalog.text(lang, 'common', 'hours.days', { from: name(from), to: name(to) }),
  );
  const timeWords = times.map(({ from, to }) => catalog.text(lang, 'common', 'hours.times', { from: time(from), to: time(to) }));
  const [when, at] = [dayWords, timeWords].map((words) => list.format(words));
  return when === '' ? `${at}` : catalog.text(lang, 'common', 'hours.opening', { days: `${when}`, times: `${at}` });
}
