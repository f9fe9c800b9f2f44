// The desk's side put together: what its rooms need, as one plain object.
import type { Config } from '../config.ts';
import type { Desk, Organisation } from '../desk/desk.ts';
import { organisationId } from '../desk/words.ts';
import type { Flow } from '../flow/definition.ts';
import { contactName, type Programme } from '../flow/programme.ts';
import type { Log } from '../log.ts';
import { makeIndex } from '../store/seal.ts';
import { consentWords } from '../text/consent.ts';
import type { Content } from '../text/content.ts';
import { answerWords } from '../text/labels.ts';
import { newId, type Stores } from './stores.ts';

const returnConsent = (flow: Flow): string =>
  Object.entries(flow.fields).find(([, field]) => field.type === 'choice' && field.data === 'consent' && field.kind === 'return')?.[0] ??
  '';

/** Once each, though a pack may give several numbers of one institution. Emergency lines are nobody to share with. */
function institutions(pack: Programme | undefined): Organisation[] {
  const found = new Map<string, Organisation>();
  for (const contact of pack?.contacts ?? []) {
    const { role, conflict } = contact;
    if (conflict || role === 'emergency' || role === 'crisis') continue;
    const name = contactName(contact, 'en');
    const id = organisationId(name);
    if (id !== '') found.set(id, { id, name, embassy: role === 'embassy' });
  }
  return [...found.values()];
}

/** What a programme asks, as far as its file knows; the lines keep the ids of their sources. */
function programmeNotes(pack: Programme | undefined): { name: string; words: string[] }[] {
  if (pack === undefined) return [];
  const notes: Record<string, (string | undefined)[]> = {
    name: [pack.programme],
    funder: [pack.funder],
    statuses: pack.statuses ?? [],
    excluded: pack.excluded ?? [],
    'visa-free': [pack.visaFree],
    withdrawal: [pack.withdrawal === true ? 'yes' : undefined],
    repeat: [pack.repeatWindowYears?.toString()],
    deadline: [pack.deadline],
    're-entry': [pack.reEntry],
    detention: [pack.detention],
    sources: Object.entries(pack.sources).map(([id, source]) => `${id}: ${source}`),
  };
  return Object.entries(notes)
    .map(([name, words]) => ({ name, words: words.filter((one) => one !== undefined) }))
    .filter(({ words }) => words.length > 0);
}

export function makeConsole(config: Config, content: Content, stores: Stores, log: Log, wake: () => void): Desk {
  const { flow, catalog, programmes, values } = content;
  const office = ({ country, office: named }: Programme) => named ?? country;
  return {
    keep: stores.keep,
    seal: stores.seal,
    auditKey: stores.auditKey,
    secrets: stores.secrets,
    log,
    now: () => new Date(),
    newId,
    text: (lang, key, values) => catalog.text(lang, 'console', key, values),
    linkText: (lang, key) => catalog.text(lang, 'link', key),
    index: makeIndex(stores.indexKey),
    answer: (lang, item, value) => answerWords(flow, catalog, lang, item, value),
    choices(item) {
      const field = flow.fields[item];
      return field?.type === 'choice' || field?.type === 'choices' ? field.values : [];
    },
    returnConsent: (lang) => ({
      field: returnConsent(flow),
      version: flow.version,
      hash: flow.consentText[returnConsent(flow)]?.[lang] ?? '',
      lines: consentWords(flow, catalog, lang, returnConsent(flow), values(lang)),
    }),
    officeOf(country) {
      const pack = programmes.get(country ?? '');
      return pack === undefined ? null : office(pack);
    },
    offices: [...new Set([...programmes.values()].map(office))].sort(),
    organisations: (country) => institutions(programmes.get(country ?? '')),
    programme: (country) => programmeNotes(programmes.get(country ?? '')),
    targets: config.DESK_TARGET_MINUTES,
    direction: catalog.direction,
    languages: flow.languages,
    mode: config.MODE,
    publicUrl: config.PUBLIC_URL,
    apiToken: config.DESK_API_TOKEN,
    apiProtection: config.DESK_API_PROTECTION === 'on',
    addresses: { hosts: config.ENDPOINT_HOSTS ?? null, loopback: config.ENDPOINT_LOOPBACK === 'on' },
    retention: {
      contact: config.CONTACT_UNANSWERED_DAYS,
      unclaimed: config.CASE_UNCLAIMED_DAYS,
      idle: config.CASE_IDLE_DAYS,
      closed: config.CASE_CLOSED_DAYS,
    },
    wake,
  };
}
