// The longest things a text can meet: what operators may be, all contacts of each country, the longest
// names and answers. A text that fits with these fits with whatever a real conversation inserts.
import type { Operator } from '../flow/operator.ts';
import type { Known } from '../flow/session.ts';
import type { Values } from '../text/catalog.ts';
import type { Content } from '../text/content.ts';
import { hoursIn } from '../text/hours.ts';
import { answerWords, label } from '../text/labels.ts';
import { operatorValues, placeValues } from '../text/values.ts';

/** Names and addresses are seldom longer; an operator whose own are is checked with those. */
const usual: Partial<Record<keyof Operator, number>> = { name: 40, controller: 60, privacyContact: 40 };

/** Few desks have a longer week to tell. */
const usualHours = 'Mo-Th 8:30-12:30,13:30-17:30; Fr 8:30-12:30';

/** Of an organisation the desk asks about. */
const longestName = 80;

/** `real`: with this operator as it is, as against the longest of all kinds of operators. */
export type Inserted = { values: Values; real: boolean };

export function longestValues(content: Content, lang: string): Inserted[] {
  const { operator, programmes, packOf, catalog, flow, values } = content;
  const hours = [operator.staffHours, usualHours].toSorted((a, b) => hoursIn(b, catalog, lang).length - hoursIn(a, catalog, lang).length);
  const longest: Operator = {
    ...operator,
    privacyContact: operator.privacyContact ?? operator.complaints,
    staffHours: hours[0] ?? usualHours,
  };
  for (const [key, most] of Object.entries(usual) as [keyof Operator, number][]) {
    const own = String(longest[key]);
    Object.assign(longest, { [key]: own.length >= most ? own : own.padEnd(most, 'W') });
  }
  const kinds = ['ngo', 'government'] as const;
  const relations = ['none', 'is-iom'] as const;
  const operators = kinds.flatMap((kind) =>
    relations.flatMap((iomRelation) =>
      [true, false].map(
        (paid): Operator => ({ ...longest, kind, iomRelation, paidPerReturn: paid, governmentFunded: paid, independent: true, free: true }),
      ),
    ),
  );
  const country = longestOf((flow.lists['countries'] ?? []).map((code) => catalog.text(lang, 'lists', `countries.${code}.name`)));
  const places = [undefined, packOf(null), ...programmes.values()].flatMap((pack) => {
    // As it is, and as if somebody had checked it today.
    const checked = pack && { ...pack, sourceUrl: 'https://example.org', lastReviewed: '1970-01-01' };
    return [pack, checked].map((one) => placeValues({ pack: one, catalog, lang, mode: 'demo', today: 0 }));
  });
  const longestPlace = Object.fromEntries(
    Object.keys(places[0] ?? {}).map((name) => [name, longestOf(places.map((one) => one[name] ?? ''))]),
  );
  const rest = { country, ref: 'WWW-WWW', days: catalog.count(lang, 'common', 'days', 30), organisation: 'W'.repeat(longestName) };
  return [
    ...places.map((one) => ({ values: { ...values(lang), ...rest, ...one }, real: true })),
    // In production nothing says "test only", but the operator may be of any kind.
    ...operators.map((one) => ({
      values: { ...operatorValues(one, catalog, lang, 'production', false), ...rest, ...longestPlace },
      real: false,
    })),
  ];
}

const longestOf = (texts: string[]): string => texts.reduce((most, text) => (text.length > most.length ? text : most), '');

/** Everything a consent can cover, answered at the greatest length. */
export function longestKnown(content: Content, lang: string): Known {
  const { flow, catalog } = content;
  const known: Known = {};
  const consents = Object.entries(flow.fields).flatMap(([name, field]) =>
    field.type === 'choice' && field.data === 'consent' ? [{ name, covers: field.covers ?? [] }] : [],
  );
  const most = consents.toSorted((a, b) => b.covers.length - a.covers.length)[0];
  if (most === undefined) return known;
  const fits = (item: string) => most.covers.some((one) => (one.endsWith('/*') ? item.startsWith(one.slice(0, -1)) : one === item));
  for (const step of Object.values(flow.steps)) {
    const item = step.ask ?? step.ref;
    if (!fits(item)) continue;
    const field = step.ask === undefined ? undefined : flow.fields[step.ask];
    const words = (code: string) => label(flow, catalog, lang, step, code);
    const longest = (codes: string[]) =>
      codes.reduce((best, code) => (words(code).length > words(best).length ? code : best), codes[0] ?? '');
    if (field?.type === 'choices') known[item] = field.values.filter((value) => value !== field.none);
    else if (field?.type === 'phone') known[item] = 'given';
    else if (field !== undefined && 'values' in field) known[item] = longest(field.values);
    else if (field?.type === 'list' || step.pick !== undefined)
      known[item] = longest(flow.lists[step.pick ?? (field?.type === 'list' ? field.of : '')] ?? []);
    else if (step.menu !== undefined) known[item] = longest(Object.keys(step.menu));
    if (known[item] !== undefined) answerWords(flow, catalog, lang, item, known[item]);
  }
  return { [most.name]: 'yes', ...known };
}
