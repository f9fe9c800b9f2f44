// A programme pack: what is known about one host country, with source and date beside each fact.
// An empty field means not found, and the chat says so; it never falls back to another country.
import { z } from 'zod';
import type { Facts } from './session.ts';

const code = z.string().regex(/^[a-z]{2}$/, 'two small letters of ISO 3166');

const contact = z.strictObject({
  role: z.enum(['desk', 'legal-aid', 'unhcr', 'child-protection', 'anti-trafficking', 'emergency', 'embassy', 'crisis']),
  name: z.string().min(1).max(80).describe('The institution, as it calls itself'),
  value: z.string().min(1).max(120).describe('Telephone, address or web address; institutional only'),
  hours: z.string().max(60).optional(),
  seenIn: z.string().min(1).describe('Source id of the pack'),
  seenOn: z.string().optional().describe('Date of the source; absent when it shows none'),
  verifiedOn: z.iso.date().optional().describe('When a person called or opened it; production shows no contact without'),
});

export const programme = z.strictObject({
  country: code.describe('Host country'),
  programme: z.string().max(120).optional().describe('Name of the return programme'),
  open: z.boolean().describe('Whether this chat takes return requests for it'),
  noReturn: z.array(code).describe('Countries to which return help was refused or advised against (R23)'),
  repeatWindowYears: z.number().int().min(1).max(10).optional(),
  partnerVisits: z.boolean().describe('An independent partner can visit places of detention (R27)'),
  contacts: z.array(contact).max(12),
  sources: z.record(z.string(), z.string()).describe('Source id to publication and date'),
  lastReviewed: z.iso.date().optional(),
});

export type Programme = z.infer<typeof programme>;

/** The part of the packs that decides somebody's way. */
export function programmeFacts(packs: Programme[]): Facts['programmes'] {
  return Object.fromEntries(
    packs.map((pack) => [
      pack.country,
      { open: pack.open, noReturn: pack.noReturn, repeatWindow: pack.repeatWindowYears !== undefined, partnerVisits: pack.partnerVisits },
    ]),
  );
}
