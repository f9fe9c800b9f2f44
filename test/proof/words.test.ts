// The shipped locales, broken in one place each: the check must name the rule, the place and the reason.
import { describe, expect, it } from 'vitest';
import { checkLocales } from '../../src/tool/locales.ts';
import { review } from '../../src/tool/review.ts';
import { type Copy, shippedCopy } from '../support/content.ts';

async function findings(spoil: (copy: Copy) => string | Promise<string>): Promise<{ place: string; found: string[] }> {
  const copy = shippedCopy();
  // Two languages are enough to break one; what all of them have is the last test's.
  copy.change('flows/common.yaml', /^languages: .*/m.exec(copy.read('flows/common.yaml'))?.[0] ?? '', 'languages: [en, fr]');
  try {
    const place = await spoil(copy);
    const { findings: found } = await checkLocales(copy.flows, copy.locales);
    return { place, found: found.map((one) => one.replace(/^.*?\/(flows|locales)\//, '$1/')) };
  } finally {
    copy.remove();
  }
}

const long = (text: string, times: number) => Array(times).fill(text).join(' ');

type Spoil = (copy: Copy) => string | Promise<string>;
const mutations: [what: string, rule: string, says: RegExp, spoil: Spoil][] = [
  [
    'a text is missing in one language',
    'P18',
    /say\.legal-help is missing/,
    (copy) => {
      copy.change('locales/fr/gate.json', /\n *"legal-help": .*/.exec(copy.read('locales/fr/gate.json'))?.[0] ?? '', '');
      return 'locales/fr/gate.json:2';
    },
  ],
  [
    'a text is empty in one language',
    'P18',
    /is empty/,
    (copy) => copy.change('locales/fr/leave.json', 'Arrêter ne change aucune autre aide.', ''),
  ],
  [
    'a placeholder is lost',
    'P18',
    /say\.status has other placeholders than en \(days hours ref\)/,
    (copy) => copy.change('locales/fr/my-case.json', '{{ref}}\\nVotre demande de contact', '\\nVotre demande de contact'),
  ],
  [
    'a placeholder is swapped for another',
    'P18',
    /say\.report-where has other placeholders/,
    (copy) => copy.change('locales/fr/learn.json', '{{fraud}}",\n    "real"', '{{handles}}",\n    "real"'),
  ],
  [
    'a plural form is missing',
    'P18',
    /days_many is missing: fr has the plural forms one, many, other/,
    (copy) => {
      copy.change('locales/fr/common.json', '  "days_many": "{{count}} jours",\n', '');
      return 'locales/fr/common.json:4';
    },
  ],
  [
    'a plural form leaves the number out',
    'P18',
    /days_other needs \{\{count\}\}/,
    (copy) => copy.change('locales/fr/common.json', '"days_other": "{{count}} jours"', '"days_other": "des jours"'),
  ],
  [
    'a language has a plural form that its grammar does not know',
    'P18',
    /en has no such plural form/,
    (copy) => copy.change('locales/en/common.json', '  "days_other"', '  "days_few": "{{count}} days",\n  "days_other"'),
  ],
  [
    'a text is shown nowhere',
    'P18',
    /say\.spare is shown nowhere/,
    (copy) => {
      copy.change('locales/fr/leave.json', '"stopped":', '"spare": "Une page de trop.",\n    "stopped":');
      return copy.change('locales/en/leave.json', '"stopped":', '"spare": "One page too many.",\n    "stopped":');
    },
  ],
  [
    'a text of the desk is asked for by nothing',
    'P18',
    /console\.spare-words is shown nowhere/,
    (copy) => {
      copy.change('locales/fr/console.json', '"nav": {', '"spare-words": "De trop",\n  "nav": {');
      return copy.change('locales/en/console.json', '"nav": {', '"spare-words": "Spare",\n  "nav": {');
    },
  ],
  [
    'a label is too long in one language',
    'P19',
    /fr label "Un endroit calme où je peux dormir" has 34 characters/,
    (copy) => copy.change('locales/fr/return.json', '"sleep": "Un endroit où dormir"', '"sleep": "Un endroit calme où je peux dormir"'),
  ],
  [
    'the name of a country is too long for a button',
    'P19',
    /en label "The Republic of North Macedonia" has 31 characters/,
    (copy) => copy.change('locales/en/lists.json', '"North Macedonia"', '"The Republic of North Macedonia"'),
  ],
  [
    'a label of the recap is too long',
    'P19',
    /fr label "Besoins de toutes les personnes"/,
    (copy) => copy.change('locales/fr/return.json', '"title": "Besoins"', '"title": "Besoins de toutes les personnes"'),
  ],
  [
    'a text has more than 700 characters',
    'P19',
    /fr protect\.say\.child has \d+ characters; one screen has at most 700/,
    (copy) =>
      copy.change('locales/fr/protect.json', 'Un enfant ne décide pas', `${long('Un enfant a des droits.', 20)} Un enfant ne décide pas`),
  ],
  [
    'a text has more than 700 characters with the words of another kind of operator',
    'P19',
    /en return\.say\.who-pays-us has \d+ characters/,
    (copy) => copy.change('locales/en/return.json', '"who-pays-us": "', `"who-pays-us": "${long('We tell you who pays us.', 15)} `),
  ],
  [
    'a question with its numbered answers has more than 700 characters',
    'P19',
    /en gate\.steps\.place\.ask has \d+ characters/,
    (copy) => copy.change('locales/en/gate.json', '"Where are you staying?"', `"${long('Where do you sleep now?', 24)}"`),
  ],
  [
    'the first message has more than 400 characters',
    'P19',
    /fr welcome\.say\.hello has \d+ characters; the first message has at most 400/,
    (copy) => copy.change('locales/fr/welcome.json', 'Mots utiles', 'Vous pouvez lire sans rien dire de vous. Mots utiles'),
  ],
  [
    'the description of the chat is longer than Telegram takes',
    'P19',
    /en common\.commands\.about has \d+ characters; the description of the chat has at most 512/,
    (copy) =>
      copy.change('locales/en/common.json', 'You decide. This chat is automatic', `${long('You decide.', 25)} This chat is automatic`),
  ],
  [
    'a notice is too long to stand over the screen',
    'P19',
    /en common\.notices\.closed has \d+ characters; a notice/,
    (copy) =>
      copy.change('locales/en/common.json', '"closed": "That question is closed.', `"closed": "${long('That question is closed.', 9)}`),
  ],
  [
    'a sentence is too long',
    'P19',
    /en learn\.say\.refuse has a sentence of 16 words/,
    (copy) =>
      copy.change(
        'locales/en/learn.json',
        'You may say no to return. You',
        'You may say no to return and to every talk that we offer you here now. You',
      ),
  ],
  [
    'a text is too hard to read',
    'P19',
    /en learn\.say\.choice is hard to read: Flesch-Kincaid grade/,
    (copy) =>
      copy.change(
        'locales/en/learn.json',
        'You can ask questions before you decide.',
        'Participation necessitates comprehensive organisational documentation. Additional administrative responsibilities materialise.',
      ),
  ],
  [
    'a text turns the direction of writing by itself',
    'P19',
    /holds an override of direction/,
    (copy) => copy.change('locales/fr/learn.json', '"refuse": "', '"refuse": "\u202e'),
  ],
  [
    'two labels of a question read alike',
    'P20',
    /fr label "nón\." at gate\/fear reads like the label of no/,
    (copy) => copy.change('locales/fr/gate.json', '"not-sure": "Je ne sais pas"', '"not-sure": "nón."'),
  ],
  [
    'a label is a command word',
    'P8',
    /fr label "Personne" at gate\/child is the command word for human/,
    (copy) =>
      copy.change('locales/fr/gate.json', /"alone": "[^"]*"/.exec(copy.read('locales/fr/gate.json'))?.[0] ?? '', '"alone": "Personne"'),
  ],
  [
    'a label holds a crisis phrase of another language',
    'P8',
    /fr label "I want to die" at urgent\/start holds a crisis phrase \(self-harm\)/,
    (copy) => copy.change('locales/fr/urgent.json', '"self-harm": "Je pense à la mort"', '"self-harm": "I want to die"'),
  ],
  [
    'an everyday phrase takes back no cry',
    'P27',
    /fr crisis: "personne ne vient" holds no crisis phrase/,
    (copy) => copy.change('locales/fr/crisis.json', '"everyday": [', '"everyday": ["personne ne vient", '),
  ],
  [
    'a word for an answer is the word that ends everything',
    'P20',
    /fr answers: "stop" is a word that no answer may be/,
    (copy) => copy.change('locales/fr/answers.json', '"return/travellers": {', '"return/travellers": {"skip": ["stop"], '),
  ],
  [
    'a consent would take words that are no label',
    'P20',
    /fr answers: return\/agree is no question that words may answer/,
    (copy) => copy.change('locales/fr/answers.json', '{', '{"return/agree": {"yes": ["volontiers"]}, '),
  ],
  [
    'a label is the word that ends everything',
    'P8',
    /fr label "Stop" at gate\/fear is the command word for stop/,
    (copy) => copy.change('locales/fr/gate.json', '"not-sure": "Je ne sais pas"', '"not-sure": "Stop"'),
  ],
  [
    'a command has no emoji for people who cannot read',
    'P8',
    /fr interrupts: no emoji for language/,
    (copy) => {
      const list = /"language": \[[^\]]*\]/.exec(copy.read('locales/fr/interrupts.json'))?.[0] ?? '';
      return copy.change('locales/fr/interrupts.json', list, '"language": ["langue"]');
    },
  ],
  [
    'a command word means two things',
    'P8',
    /fr interrupts: "stop" is also a word for stop/,
    (copy) => copy.change('locales/fr/interrupts.json', '"help": [', '"help": ["stop",'),
  ],
  [
    'an everyday word is a command word',
    'P32',
    /fr topics: "aide" is the command word for help/,
    (copy) => copy.change('locales/fr/topics.json', '"learn/avr": [', '"learn/avr": [ "aide",'),
  ],
  [
    'a country cannot be found by its name',
    'P20',
    /fr lists\.countries\.ml "Niger" typed also means ne/,
    (copy) => copy.change('locales/fr/lists.json', '"Mali"', '"Niger"'),
  ],
  [
    'a sign could stand alone at the beginning of a line, in French',
    'P19',
    /fr learn\.steps\.questions\.ask needs a no-break space in " \?"/,
    (copy) => copy.change('locales/fr/learn.json', 'Quelle question avez-vous\u00a0?', 'Quelle question avez-vous ?'),
  ],
  [
    'a phrase that is never said is said, in French',
    'P21',
    /fr learn\.say\.money says "félicitations"/,
    (copy) => copy.change('locales/fr/learn.json', '"money": "', '"money": "Félicitations. '),
  ],
  [
    'a phrase that is never said is said, in English',
    'P21',
    /en learn\.say\.time says "guarantee"/,
    (copy) => copy.change('locales/en/learn.json', 'We cannot tell you a date.', 'We guarantee a date.'),
  ],
  [
    'return is no longer called voluntary',
    'P21',
    /fr common\.contacts\.roles\.desk says "aide au retour" outside of "aide au retour volontaire"/,
    (copy) => copy.change('locales/fr/common.json', '"desk": "Aide au retour volontaire"', '"desk": "Aide au retour"'),
  ],
  [
    'the operator is not named at a consent',
    'P21',
    /en talk\.say\.who-pays-us must say \{\{about\}\} \(who-runs, at talk\/agree\)/,
    (copy) => {
      copy.change('locales/fr/talk.json', '{{about}} {{money}}', '{{money}}');
      return copy.change('locales/en/talk.json', '{{about}} {{money}}', '{{money}}');
    },
  ],
  [
    'the sentence about who runs the chat has no name in it',
    'P21',
    /en common\.about\.runs leaves out \{\{name\}\}/,
    (copy) => {
      copy.change('locales/fr/common.json', '{{name}} gère cette discussion.', 'Nous gérons cette discussion.');
      return copy.change('locales/en/common.json', '{{name}} runs this chat.', 'We run this chat.');
    },
  ],
  [
    'a consent leaves out one of its texts',
    'P21',
    /protect\/agree does not show protect\.say\.who-sees-this, which says "law"/,
    (copy) => {
      copy.change('locales/en/protect.json', '"who-sees-this":', '"who-sees":');
      copy.change('locales/fr/protect.json', '"who-sees-this":', '"who-sees":');
      copy.change('flows/protect.yaml', 'who-pays-us, who-sees-this', 'who-pays-us, who-sees');
      return `flows/protect.yaml:${
        copy
          .read('flows/protect.yaml')
          .split('\n')
          .findIndex((line) => line.startsWith('  agree:')) + 1
      }`;
    },
  ],
  [
    'a consent no longer says that the law may force us',
    'P21',
    /fr talk\.say\.who-sees-this must say "la loi peut nous obliger[^"]*" \(law, at talk\/agree\)/,
    (copy) =>
      copy.change(
        'locales/fr/talk.json',
        'La loi peut nous obliger à donner des informations sur vous aux autorités.',
        'Nous gardons vos données.',
      ),
  ],
  [
    'the disclosure no longer speaks of coming back',
    'P21',
    /en return\.say\.before-you-decide must say "you may be barred from coming" \(barred, at return\/agree\)/,
    (copy) => copy.change('locales/en/return.json', ' You may be barred from coming back for years.', ''),
  ],
  [
    'nobody says any more which text carries a must-say sentence',
    'P21',
    /talk\/agree asks for consent, but no text is named that says "afraid"/,
    (copy) => {
      const at = copy.change('locales/required.json', '"talk/agree": {', '"talk/agree": {').replace(/:\d+$/, '');
      const text = copy.read('locales/required.json');
      const line = text.split('\n').findIndex((one) => one.includes('"talk/agree"')) + 1;
      copy.change('locales/required.json', '"afraid": "talk.say.what-happens",', '');
      return `${at}:${line}`;
    },
  ],
  [
    'an urgent screen no longer says that nobody may read this soon',
    'P21',
    /en urgent\.say\.not-emergency must say "nobody may read this soon"/,
    (copy) => copy.change('locales/en/urgent.json', ' Nobody may read this soon.', ''),
  ],
  [
    'a fact has no source entry',
    'P18',
    /en learn\.say\.iom-2018 repeats a source but has no entry/,
    (copy) => {
      const entry = /\n.*learn\.say\.iom-2018.*/.exec(copy.read('locales/sources.json'))?.[0] ?? '';
      copy.change('locales/sources.json', entry, '');
      const line =
        copy
          .read('locales/en/learn.json')
          .split('\n')
          .findIndex((one) => one.includes('"iom-2018"')) + 1;
      return `locales/en/learn.json:${line}`;
    },
  ],
  [
    'a source entry belongs to no text',
    'P18',
    /learn\.say\.iom-2020 is not the key of a text/,
    (copy) => copy.change('locales/sources.json', '"learn.say.iom-2018"', '"learn.say.iom-2020"'),
  ],
  [
    'a source entry says nothing of who said it',
    'P18',
    /learn\.say\.iom-2025 has no speaker/,
    (copy) => copy.change('locales/sources.json', '"date": "2025-05-09", "speaker": "IOM",', '"date": "2025-05-09",'),
  ],
  [
    'a fact shows another date than its source entry',
    'P18',
    /fr learn\.say\.iom-2018 does not show 2018/,
    (copy) => {
      const line = /\n.*"iom-2018": .*/.exec(copy.read('locales/fr/learn.json'))?.[0] ?? '';
      return copy.change('locales/fr/learn.json', line.trim(), line.trim().replace('décembre 2018', 'décembre 2017'));
    },
  ],
  [
    'an exception is made for a phrase that is not forbidden',
    'P21',
    /allows a phrase that is not forbidden/,
    (copy) => copy.change('locales/fr/forbidden.json', '"allowed": {', '"allowed": { "bonjour": ["chat.title"],'),
  ],
  [
    'the words of a consent have changed since they were reviewed',
    'R18',
    /fr talk\.say\.what-happens is stale: it has changed since it was reviewed/,
    async (copy) => {
      await review({ flows: copy.flows, locales: copy.locales, lang: 'fr', role: 'protection' }, '2026-11-24');
      const line = /\n *("what-happens": "[^ ]+ )/.exec(copy.read('locales/fr/talk.json'))?.[1] ?? '';
      return copy.change('locales/fr/talk.json', line, `${line}toujours `);
    },
  ],
  [
    'a text has changed since it was reviewed',
    'R18',
    /fr leave\.say\.unchanged is stale: it has changed since it was reviewed on 2026-11-24/,
    async (copy) => {
      await review({ flows: copy.flows, locales: copy.locales, lang: 'fr', role: 'protection' }, '2026-11-24');
      return copy.change('locales/fr/leave.json', '"unchanged": "Arrêter ne change', '"unchanged": "Partir ne change');
    },
  ],
  [
    'the source of a text has changed since it was reviewed',
    'R18',
    /fr protect\.say\.no-staff is stale: its source sentence has changed/,
    async (copy) => {
      await review({ flows: copy.flows, locales: copy.locales, lang: 'fr', role: 'protection' }, '2026-11-24');
      copy.change('locales/en/protect.json', 'Please ask one of these places for help.', 'Please ask for help elsewhere.');
      const line =
        copy
          .read('locales/fr/protect.json')
          .split('\n')
          .findIndex((one) => one.includes('"no-staff"')) + 1;
      return `locales/fr/protect.json:${line}`;
    },
  ],
];

describe('what the check of the texts finds when', () => {
  it.for(mutations)('%s', async ([, rule, says, spoil]) => {
    const { place, found } = await findings(spoil);
    const all = found.join('\n');
    expect(all).toMatch(says);
    expect(found.filter((one) => says.test(one)).map((one) => one.slice(0, place.length + 1))).toContain(`${place}:`);
    expect(found.find((one) => says.test(one))).toContain(` ${rule} `);
  });
});

describe('the shipped texts', () => {
  it('have no findings', async () => {
    const { findings: found } = await checkLocales('flows', 'locales');
    expect(found).toEqual([]);
  });

  it('were broken in more ways than one', () => {
    expect(mutations.length).toBeGreaterThan(30);
  });
});
