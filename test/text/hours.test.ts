// Hours decide whether somebody calls in vain. They are read in Arabic as well as in English, or not at all.
import { describe, expect, it } from 'vitest';
import { operator } from '../../src/flow/operator.ts';
import { programme } from '../../src/flow/programme.ts';
import { hoursIn } from '../../src/text/hours.ts';
import { contactLines } from '../../src/text/values.ts';
import { shippedContent } from '../support/talk.ts';

const { catalog, programmes, values, languages } = await shippedContent().then((content) => ({
  ...content,
  languages: content.flow.languages,
}));
const said = (hours: Parameters<typeof hoursIn>[0]) => Object.fromEntries(languages.map((lang) => [lang, hoursIn(hours, catalog, lang)]));

describe('hours are said in the words of each language', () => {
  it('days and times', () => {
    expect(said('Su-Th 8:30-16:30')).toEqual({
      en: 'Sunday to Thursday, 8:30 to 16:30',
      fr: 'du dimanche au jeudi, de 8\u00a0h\u00a030 à 16\u00a0h\u00a030',
      es: 'de domingo a jueves, de 8:30 a 16:30',
      ar: 'من الأحد إلى الخميس، من 8:30 إلى 16:30',
    });
  });

  it('times without days, since nobody may add days the source does not name', () => {
    expect(said('9-12:30,13:30-16')).toEqual({
      en: '9:00 to 12:30 and 13:30 to 16:00',
      fr: 'de 9\u00a0h\u00a000 à 12\u00a0h\u00a030 et de 13\u00a0h\u00a030 à 16\u00a0h\u00a000',
      es: 'de 9:00 a 12:30 y de 13:30 a 16:00',
      ar: 'من 9:00 إلى 12:30 ومن 13:30 إلى 16:00',
    });
  });

  it('single days, and other hours on others', () => {
    expect(said('Mo,We 09:05-24; Sa 10-12')).toMatchObject({
      en: 'Monday and Wednesday, 9:05 to 24:00; Saturday, 10:00 to 12:00',
      ar: 'الاثنين والأربعاء، من 9:05 إلى 24:00; السبت، من 10:00 إلى 12:00',
    });
  });

  it('day and night', () => {
    expect(said('24 h')).toMatchObject({ en: '24 hours a day', fr: '24 heures sur 24', es: 'las 24 horas', ar: 'على مدار الساعة' });
  });

  it('other words, one line for each language; English where one is missing', () => {
    expect(said({ en: 'by appointment', fr: 'sur rendez-vous' })).toMatchObject({ fr: 'sur rendez-vous', ar: 'by appointment' });
  });

  it('of the staff too', () => {
    expect(values('ar')['hours']).toBe('من الاثنين إلى الجمعة، من 9:00 إلى 17:00');
    expect(values('fr')['hours']).toContain('du lundi au vendredi');
  });

  it('in every shipped programme, with no English left in another language', () => {
    const english = /\b(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:n|e|d|u|i|t)?\b[-, ]|\band\b|\b24 h\b/;
    for (const pack of programmes.values())
      for (const lang of languages.filter((one) => one !== 'en'))
        expect(contactLines(pack, catalog, lang, 'demo'), `${pack.country} ${lang}`).not.toMatch(english);
    expect(contactLines(programmes.get('ly'), catalog, 'ar', 'demo')).toContain('من الأحد إلى الخميس، من 8:30 إلى 16:30');
  });
});

describe('a file with hours', () => {
  const pack = (hours: unknown) =>
    programme.safeParse({
      ...{ country: 'by', open: false, noReturn: [], partnerVisits: false, sources: {} },
      contacts: [{ role: 'unhcr', name: 'UNHCR', value: '1', seenIn: 'X', hours }],
    });

  it('is refused where a programme says them in one language alone', () => {
    for (const wrong of ['Sun-Thu 9-17', 'weekdays', 'Mo-Fr 25-26', 'Mo-Fr', '9', '', { fr: 'sur rendez-vous' }])
      expect(pack(wrong).success, JSON.stringify(wrong)).toBe(false);
    for (const right of ['Mo-Fr 9-17', '24 h', '0-24', { en: 'by appointment' }])
      expect(pack(right).success, JSON.stringify(right)).toBe(true);
  });

  it('of an operator may hold words of its own, which stand as they are', () => {
    expect(operator.shape.staffHours.safeParse('weekday mornings').success).toBe(true);
    expect(said('weekday mornings')).toMatchObject({ ar: 'weekday mornings' });
  });
});
