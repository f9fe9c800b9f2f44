// Who runs this chat (R36). A person must be able to know that before anything else, so production
// refuses to start while it is incomplete.
import { z } from 'zod';
import { staffHours } from './hours.ts';

const text = z.string().min(1).max(200);
const contact = z.string().min(1).max(120);

export const operator = z.strictObject({
  name: text.describe('The name people see'),
  kind: z.enum(['ngo', 'un', 'government', 'other']).describe('Texts say "not the government" only for ngo, un and other'),
  legalId: text.optional().describe('Registration number'),
  country: z.string().length(2).optional().describe('Seat, ISO 3166 two letters, small'),
  website: z.url().optional(),
  handles: z.array(contact).optional().describe('The real accounts of this chat, so that a copy can be told apart'),
  controller: text.describe('Who is responsible for the data'),
  privacyContact: contact.optional(),
  funders: z.array(text).describe('Who pays; shown before every consent'),
  governmentFunded: z.boolean(),
  paidPerReturn: z.boolean().describe('Whether the operator gets money for each return'),
  iomRelation: z.enum(['none', 'refers', 'agreement', 'is-iom']),
  iomEvidence: text.optional(),
  iomValidUntil: z.iso.date().optional(),
  staffHours: staffHours.describe(
    'When people read this chat: Mo-Fr 9-17 is said in each language; other words need a line for each language',
  ),
  childTrained: z.boolean().describe('Staff trained for children exist'),
  protectionBasis: text.optional(),
  mandatoryReporting: z.boolean().optional(),
  complaints: contact,
  independentComplaints: contact.optional().describe('A place to complain that is not the operator'),
  sea: contact.describe('Where sexual exploitation and abuse is reported'),
  fraud: contact,
  authorityRequests: text.optional().describe('How requests by authorities are handled'),
  free: z.boolean().describe('All help is free; texts claim it only when true'),
  independent: z.boolean().describe('Texts claim independence only when true'),
});

export type Operator = z.infer<typeof operator>;
