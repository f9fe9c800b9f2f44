// Sums and waiting times are the first thing to grow old, and a wrong one is a broken word (R10).
import { describe, expect, it } from 'vitest';
import { contactName, type Programme } from '../../src/flow/programme.ts';
import { contactLines, placeValues } from '../../src/text/values.ts';
import { shippedContent } from '../support/talk.ts';

const { catalog, programmes, packOf } = await shippedContent();
const packs = [...programmes.values(), packOf(null)].flatMap((one) => one ?? []);
const day = 86_400_000;
const reviewed = Date.parse('2026-11-24');
const pack: Programme = {
  country: 'gr',
  open: true,
  noReturn: [],
  partnerVisits: false,
  contacts: [],
  sources: {},
  sourceUrl: 'https://example.org/programme',
  lastReviewed: '2026-11-24',
  waiting: { en: 'About two months.' },
  support: [{ kind: 'allowance', amount: '500', currency: 'EUR', conditions: { en: 'from the islands', fr: 'depuis les îles' } }],
};
const shown = (one: Programme | undefined, today: number, lang = 'en') => placeValues({ pack: one, catalog, lang, mode: 'demo', today });

describe('a sum is shown', () => {
  it('on day 90 after somebody checked it, with its conditions and the day', () => {
    const { support, waiting } = shown(pack, reviewed + 90 * day);
    expect(support).toContain('500 EUR (from the islands)');
    expect(support).toContain('2026-11-24');
    expect(support).toContain('It can change. There is no guarantee.');
    expect(waiting).toContain('About two months.');
  });

  it('no more on day 91, and the person is told so', () => {
    const { support, waiting } = shown(pack, reviewed + 91 * day);
    expect(support).toBe('We show no sums for this place: nobody has checked them in the last 90 days.');
    expect(waiting).not.toContain('two months');
  });

  it('neither without a page it was read on, nor from a day that is still to come', () => {
    const { sourceUrl: _, ...unsourced } = pack;
    expect(shown(unsourced, reviewed)['support']).not.toContain('500');
    expect(shown(pack, reviewed - day)['support']).not.toContain('500');
  });

  it('only in a language that has its conditions', () => {
    expect(shown(pack, reviewed, 'fr')['support']).toContain('depuis les îles');
    const english = { ...pack, support: [{ kind: 'allowance', amount: '500', currency: 'EUR', conditions: { en: 'x' } } as const] };
    expect(shown(english, reviewed, 'fr')['support']).not.toContain('500');
  });

  it('from no shipped programme: nobody has checked them', () => {
    for (const one of programmes.values())
      for (const lang of catalog.languages) expect(shown(one, reviewed, lang)['support'], one.country).not.toMatch(/\b(EUR|USD)\b/);
  });
});

describe('a contact', () => {
  it('about which sources disagree is shown to nobody', () => {
    expect(contactLines(programmes.get('ye'), catalog, 'en', 'demo')).not.toContain('771 070 368');
    expect(contactLines(programmes.get('tn'), catalog, 'en', 'demo')).not.toContain('80 10 15 66');
    expect(contactLines(programmes.get('ly'), catalog, 'en', 'demo')).not.toContain('1515');
  });

  it('that is described rather than named is described in the language of the person, else in English', () => {
    expect(contactLines(programmes.get('pl'), catalog, 'es', 'demo')).toContain('Emergencias: Todas las emergencias, 112');
    expect(contactLines(programmes.get('us'), catalog, 'fr', 'demo')).toContain('Avocats près de chez vous');
    const [fire] = programmes.get('ne')?.contacts.filter(({ value }) => value === '18') ?? [];
    const inAr = fire && contactName(fire, 'ar');
    expect(inAr).toMatch(/[\u0600-\u06ff]/);
    expect(fire && ['en', 'es', 'sw'].map((lang) => contactName(fire, lang))).toEqual(['Fire', 'Bomberos', 'Fire']);
  });

  it('that was not found is named, so that nobody looks for it; one that is there is not', () => {
    const last = (country: string, lang: string) => contactLines(programmes.get(country), catalog, lang, 'demo').split('\n').at(-1);
    expect(last('ne', 'en')).toMatch(/^We have no number for: .*Help for children.*call the emergency number\.$/);
    expect(last('ne', 'en')).not.toContain('Emergency;');
    expect(last('us', 'en')).not.toContain('We have no number');
    for (const lang of catalog.languages) expect(last('ly', lang)).toContain(catalog.text(lang, 'common', 'contacts.roles.legal-aid'));
  });

  it('that nobody has verified is marked in a demo and hidden in production', () => {
    for (const one of packs) {
      expect(contactLines(one, catalog, 'en', 'demo'), one.country).toContain('not verified');
      expect(contactLines(one, catalog, 'en', 'production'), one.country).toContain('no checked number');
    }
  });
});

describe('a place without a file of its own', () => {
  it('has the generic file, which names help for many countries and says that no number of the place is known', () => {
    expect(programmes.has('generic')).toBe(false);
    for (const nowhere of [null, undefined, 'xx', 'generic']) expect(packOf(nowhere)?.country).toBe('generic');
    const lines = contactLines(packOf('xx'), catalog, 'en', 'demo').split('\n');
    expect(lines[0]).toContain('no checked number for this place');
    expect(lines.join()).toContain('help.unhcr.org');
    expect(contactLines(packOf('xx'), catalog, 'en', 'production')).toBe(lines[0]);
  });

  it('takes no return request, and lends nothing to a file that knows less', () => {
    expect(packOf(null)?.open).toBe(false);
    expect(contactLines(packOf('ne'), catalog, 'en', 'demo')).not.toContain('findahelpline');
  });
});

describe('every programme pack', () => {
  it.each(
    packs.map((one) => [one.country, one] as const),
  )('%s names a source for each contact, an emergency number and no private person', (_, one) => {
    for (const contact of one.contacts) expect(one.sources[contact.seenIn], contactName(contact, 'en')).toBeDefined();
    expect(one.contacts.some((contact) => contact.role === 'emergency' && contact.conflict !== true)).toBe(true);
    expect(one.contacts.some((contact) => contact.role === 'unhcr' && contact.conflict !== true)).toBe(true);
    expect(JSON.stringify(one.contacts)).not.toMatch(/@(?!iom\.int)/);
  });

  it('that is closed says why, where a programme is known', () => {
    expect(programmes.get('ly')?.open).toBe(false);
    expect(programmes.get('ye')?.open).toBe(false);
    expect(programmes.get('us')?.open).toBe(false);
  });
});
