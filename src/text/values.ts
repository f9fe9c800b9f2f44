// The values inserted into texts: who runs this chat and who pays (R36), contacts of the country, the
// reference. Claims such as "independent" or "free" appear only where the operator file makes them.
import type { Operator } from '../flow/operator.ts';
import { contactName, generic, type Programme } from '../flow/programme.ts';
import type { Catalog, Values } from './catalog.ts';
import { hoursIn } from './hours.ts';

/** Values of the operator in one language; the only ones a consent screen may use. `draft`: nobody has checked its texts. */
export function operatorValues(who: Operator, catalog: Catalog, lang: string, mode: 'demo' | 'production', draft: boolean): Values {
  const line = (key: string, values: Values = {}) => catalog.text(lang, 'common', `about.${key}`, values);
  const about = [
    ...(mode === 'demo' ? [line('demo')] : []),
    ...(mode === 'demo' && draft ? [line('draft')] : []),
    line('runs', { name: who.name }),
    line(who.iomRelation === 'is-iom' ? 'is-iom' : 'not-iom'),
    line(who.kind === 'government' ? 'is-government' : 'not-government'),
    ...(who.independent ? [line('independent')] : []),
  ];
  const money = [
    ...(who.funders.length > 0 ? [line('funded', { funders: who.funders.join(', ') })] : []),
    line(who.governmentFunded ? 'government-funded' : 'not-government-funded'),
    line(who.paidPerReturn ? 'paid-per-return' : 'not-paid-per-return'),
  ];
  return {
    about: about.join(' '),
    money: money.join(' '),
    free: who.free ? line('free') : '',
    name: who.name,
    hours: hoursIn(who.staffHours, catalog, lang),
    controller: who.controller,
    privacyContact: who.privacyContact ?? who.complaints,
    complaints: who.complaints,
    independentComplaints: who.independentComplaints ?? who.complaints,
    sea: who.sea,
    fraud: who.fraud,
    handles: (who.handles ?? []).join(', '),
    website: who.website ?? '',
    legalId: who.legalId ?? '',
  };
}

/** Where a person is, as far as texts may speak of it. `today`: ms. */
export type Place = { pack: Programme | undefined; catalog: Catalog; lang: string; mode: 'demo' | 'production'; today: number };

/** Values that depend on the country. Embassies stand apart from all other contacts: they are shown on request alone (R28). */
export const placeValues = (place: Place): Values => ({
  contacts: contactLines(place.pack, place.catalog, place.lang, place.mode),
  embassies: contactLines(place.pack, place.catalog, place.lang, place.mode, ['embassy']),
  support: supportLines(place),
  waiting: waitingLine(place),
});

/** Protection before return: a person in fear reads the first lines. */
const order: Contact['role'][] = ['unhcr', 'legal-aid', 'child-protection', 'anti-trafficking', 'emergency', 'crisis', 'desk'];
type Contact = Programme['contacts'][number];

/** Contacts of a pack as lines; production shows none that nobody verified, and nobody sees one about which sources disagree. */
export function contactLines(
  pack: Programme | undefined,
  catalog: Catalog,
  lang: string,
  mode: 'demo' | 'production',
  roles: Contact['role'][] = order,
): string {
  const shown = (pack?.contacts ?? []).filter(
    (one) => roles.includes(one.role) && one.conflict !== true && (mode === 'demo' || one.verifiedOn !== undefined),
  );
  const none = catalog.text(lang, 'common', 'contacts.none');
  if (shown.length === 0) return none;
  const sorted = shown.toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
  const lines = sorted.map((one) => {
    const role = catalog.text(lang, 'common', `contacts.roles.${one.role}`);
    const hours = one.hours === undefined ? '' : ` (${hoursIn(one.hours, catalog, lang)})`;
    const doubt = one.verifiedOn === undefined ? ` (${catalog.text(lang, 'common', 'contacts.unverified')})` : '';
    return catalog.text(lang, 'common', 'contacts.line', { role, name: contactName(one, lang), value: `${one.value}${hours}${doubt}` });
  });
  if (pack?.country !== generic && roles === order) lines.push(...missingLine(shown, catalog, lang));
  if (pack?.country === generic) lines.unshift(none, catalog.text(lang, 'common', 'contacts.elsewhere'));
  return lines.join('\n');
}

/** What somebody may look for here in vain is named, so that they need not look on. */
function missingLine(shown: Contact[], catalog: Catalog, lang: string): string[] {
  const missing = order.filter((role) => role !== 'desk' && shown.every((one) => one.role !== role));
  const names = missing.map((role) => catalog.text(lang, 'common', `contacts.roles.${role}`));
  return names.length === 0 ? [] : [catalog.text(lang, 'common', 'contacts.missing', { roles: names.join('; ') })];
}

const dayMs = 86_400_000;
const freshDays = 90;

/** Whether sums and waiting times may be shown: read on the programme's own page at most 90 days before `today` (ms). */
function isFresh(pack: Programme, today: number): boolean {
  if (pack.lastReviewed === undefined || pack.sourceUrl === undefined) return false;
  const age = Math.floor((today - Date.parse(pack.lastReviewed)) / dayMs);
  return age >= 0 && age <= freshDays;
}

/** Sums of a pack (R10): only while it is fresh, only with their conditions, and always with the day they were checked. */
function supportLines({ pack, catalog, lang, today }: Place): string {
  const say = (key: string, values: Values = {}) => catalog.text(lang, 'common', `support.${key}`, values);
  if (pack?.support === undefined) return say('none');
  if (!isFresh(pack, today)) return say('stale');
  const lines = pack.support.flatMap(({ kind, amount, currency, conditions }) => {
    const words = conditions[lang];
    return words === undefined ? [] : [say('line', { kind: say(`kinds.${kind}`), amount, currency, conditions: words })];
  });
  return lines.length === 0 ? say('none') : [...lines, say('checked', { date: pack.lastReviewed ?? '' })].join('\n');
}

/** A waiting time that somebody checked lately, or that there is none. */
function waitingLine({ pack, catalog, lang, today }: Place): string {
  const words = pack !== undefined && isFresh(pack, today) ? pack.waiting?.[lang] : undefined;
  if (words === undefined) return catalog.text(lang, 'common', 'support.no-waiting');
  return `${words} ${catalog.text(lang, 'common', 'support.checked', { date: pack?.lastReviewed ?? '' })}`;
}
