// A programme pack: what is known about one host country, with source and date beside each fact.
// An empty field means not found, and the chat says so; it never falls back to another country.
import { z } from 'zod';
import { hours } from './hours.ts';
import type { Facts } from './session.ts';

/** The file for every place without one of its own. */
export const generic = 'generic';

const code = z.string().regex(/^[a-z]{2}$/, 'two small letters of ISO 3166');
/** Language to words. What has no words in a person's language is not shown to them. */
const words = z.record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{4})?$/), z.string().min(1).max(160));

/** A proper name, the same for everybody, or what the place is in each language; English where a language has none. */
const name = z.union([z.string().min(1).max(80), z.object({ en: z.string().min(1).max(80) }).catchall(z.string().min(1).max(80))]);

const contact = z.strictObject({
  role: z.enum(['desk', 'legal-aid', 'unhcr', 'child-protection', 'anti-trafficking', 'emergency', 'embassy', 'crisis']),
  name: name.describe('The institution as it calls itself, or a description in each language'),
  value: z.string().min(1).max(120).describe('Telephone, address or web address; institutional only'),
  hours: hours.optional(),
  seenIn: z.string().min(1).describe('Source id of the pack'),
  seenOn: z.string().optional().describe('Date of the source; absent when it shows none'),
  verifiedOn: z.iso.date().optional().describe('When a person called or opened it; production shows no contact without'),
  conflict: z.literal(true).optional().describe('Sources disagree: hidden until a reviewer decides'),
});

const point = z.strictObject({
  name: z.string().min(1).max(80).describe('The institution, as it calls itself'),
  where: z.string().min(1).max(160).describe('Address, as it stands on the door'),
  hours,
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/))
    .min(1)
    .describe('Languages spoken there'),
  how: words.describe('How to get there, in each language'),
  seenIn: z.string().min(1).describe('Source id of the pack'),
  checkedOn: z.iso.date().optional().describe('When somebody called or went there; production shows no place without'),
});

const support = z.strictObject({
  kind: z.enum(['ticket', 'allowance', 'start-up', 'medical', 'package', 'lodging']),
  amount: z.string().regex(/^\d{1,3}( ?\d{3})*$/, 'digits'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'ISO 4217'),
  conditions: words.describe('For whom, in each language; without it the sum would be a wrong hope'),
});

export const programme = z.strictObject({
  country: code.or(z.literal(generic)).describe('Host country; generic for every place without a file of its own'),
  programme: z.string().max(120).optional().describe('Name of the return programme'),
  funder: z.string().max(120).optional(),
  office: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and single hyphens')
    .max(30)
    .optional()
    .describe('Office whose caseworkers receive these requests; without it the country is its own office'),
  open: z.boolean().describe('Whether this chat takes return requests for it'),
  noReturn: z.array(code).describe('Countries to which return help was refused or advised against (R23)'),
  statuses: z
    .array(z.string().max(120))
    .optional()
    .describe('Whom the programme takes, for the caseworker; never told to a person as a verdict'),
  excluded: z.array(z.string().max(120)).optional().describe('Nationalities or groups it leaves out, for the caseworker'),
  visaFree: z.enum(['included', 'travel-only', 'less', 'excluded']).optional().describe('Nationals who need no visa'),
  withdrawal: z.boolean().optional().describe('Asylum or court cases must be withdrawn first'),
  repeatWindowYears: z.number().int().min(1).max(10).optional(),
  deadline: z.string().max(200).optional().describe('Of departure, or of the offer'),
  reEntry: z.string().max(300).optional().describe('What is known about bars, for the caseworker'),
  detention: z.string().max(300).optional(),
  partnerVisits: z.boolean().describe('An independent partner can visit places of detention (R27)'),
  waiting: words.optional().describe('Waiting time in words; shown only while the pack is fresh (R10)'),
  support: z.array(support).max(6).optional().describe('Sums; shown only while the pack is fresh (R10)'),
  contacts: z.array(contact).max(16),
  points: z.array(point).max(20).optional().describe('Places where one can go; never taken from a publication alone (R29)'),
  sources: z.record(z.string(), z.string()).describe('Source id to publication and date'),
  sourceUrl: z.url().optional().describe('The programme’s own page, filled in by the reviewer'),
  lastReviewed: z.iso.date().optional(),
  reviewer: z.string().max(40).optional().describe('Role of the reviewer, never a name'),
});

export type Programme = z.infer<typeof programme>;

export const contactName = ({ name }: Programme['contacts'][number], lang: string): string =>
  typeof name === 'string' ? name : (name[lang] ?? name.en);

/** The part of the packs that decides somebody's way. */
export function programmeFacts(packs: Programme[]): Facts['programmes'] {
  return Object.fromEntries(
    packs.map((pack) => [
      pack.country,
      { open: pack.open, noReturn: pack.noReturn, repeatWindow: pack.repeatWindowYears !== undefined, partnerVisits: pack.partnerVisits },
    ]),
  );
}
