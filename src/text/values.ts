// The values inserted into texts: who runs this chat and who pays (R36), contacts of the country, the
// reference. Claims such as "independent" or "free" appear only where the operator file makes them.
import type { Operator } from '../flow/operator.ts';
import type { Programme } from '../flow/programme.ts';
import type { Catalog, Values } from './catalog.ts';

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
    hours: who.staffHours,
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

/** Protection before return: a person in fear reads the first lines. */
const order = ['unhcr', 'legal-aid', 'child-protection', 'anti-trafficking', 'emergency', 'crisis', 'desk', 'embassy'];

/** Contacts of a pack as lines; production shows none that nobody verified. */
export function contactLines(pack: Programme | undefined, catalog: Catalog, lang: string, mode: 'demo' | 'production'): string {
  const shown = (pack?.contacts ?? []).filter((one) => mode === 'demo' || one.verifiedOn !== undefined);
  if (shown.length === 0) return catalog.text(lang, 'common', 'contacts.none');
  const sorted = shown.toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  const lines = sorted.map((one) => {
    const role = catalog.text(lang, 'common', `contacts.roles.${one.role}`);
    const hours = one.hours === undefined ? '' : `, ${one.hours}`;
    const doubt = one.verifiedOn === undefined ? ` (${catalog.text(lang, 'common', 'contacts.unverified')})` : '';
    return catalog.text(lang, 'common', 'contacts.line', { role, name: one.name, value: `${one.value}${hours}${doubt}` });
  });
  return lines.join('\n');
}
