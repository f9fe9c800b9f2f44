// The seven interrupts as people reach them (P8): by every word and emoji of their language at every question and
// after an end, by button where there are buttons, a person and back also by 9 and 0; crisis words before all (P27).
import { fold } from '../flow/fold.ts';
import type { Interrupt, Session } from '../flow/session.ts';
import { crisisIn, type Reply, understand, type Words } from '../flow/understand.ts';
import { waits } from '../flow/walk.ts';
import type { Content } from '../text/content.ts';
import { inLocale } from '../text/spot.ts';
import { spoken } from '../text/words.ts';
import type { Finding } from './finding.ts';
import { standing } from './standing.ts';
import { facts, zeros } from './understood.ts';

const interrupts: Interrupt[] = ['help', 'language', 'human', 'urgent', 'stop', 'delete', 'back'];
const buttons: [code: string, name: Interrupt][] = [
  ['~back', 'back'],
  ['~person', 'human'],
  ['~sos', 'urgent'],
];

type Lists = Record<string, string[]>;

export function commands(content: Content, folder: string, lang: string): Finding[] {
  const { flow, catalog, words } = content;
  const lists = (file: string) => (catalog.tree(lang, file) ?? {}) as Lists;
  const findings: Finding[] = [];
  const say = (rule: string, file: string, key: string, message: string) =>
    findings.push({ rule, where: inLocale(folder, lang, file, key), message: `${lang} ${file}: ${message}` });
  const typed = lists('interrupts');
  const cries = Object.entries(lists('crisis')).filter(([group]) => group !== 'everyday');
  const isWord = (one: string) => /\p{L}/u.test(one);
  for (const name of interrupts) {
    if (!typed[name]?.some(isWord)) say('P8', 'interrupts', name, `no word for ${name}`);
    if (!typed[name]?.some((one) => !isWord(one))) say('P8', 'interrupts', name, `no emoji for ${name}`);
  }
  const waiting = Object.values(flow.steps).filter(waits);
  // Crisis words come first whatever is asked: a word that is none is none at every question.
  const others: Words = { ...words, crisis: [] };
  const sessions: [place: string, session: Session][] = [
    ...waiting.map((step): [string, Session] => [step.ref, standing(step, lang)]),
    ...(['stopped', 'erased'] as const).flatMap((done) =>
      waiting
        .slice(0, 1)
        .map((step): [string, Session] => ['the end', standing(step, lang, { done, from: { step: flow.entry, picks: {} } })]),
    ),
  ];
  const phones = new Set(waiting.filter((step) => flow.fields[step.ask ?? '']?.type === 'phone').map((step) => step.ref));
  for (const [place, session] of sessions) {
    const means = (reply: Reply, name: Interrupt, list = others) => {
      const { input } = understand(flow, session, reply, list, facts);
      return input.kind === 'interrupt' && input.name === name;
    };
    const text = (one: string): Reply => ({ kind: 'text', text: one });
    // Where a word answers the question (answers.json), it is the answer; the first word of each is the command people are told of.
    const answers = (word: string) => flow.languages.some((one) => words.labels(one, place).has(fold(word)));
    for (const name of interrupts)
      for (const [i, word] of (typed[name] ?? []).entries())
        if (!means(text(word), name) && (i === 0 || !answers(word)))
          say('P8', 'interrupts', name, `"${word}" does not mean ${name} at ${place}`);
    for (const [group, [phrase = '']] of cries)
      if (!means(text(`x ${spoken(phrase)}!`), 'urgent', words)) say('P27', 'crisis', group, `"${phrase}" is not heard at ${place}`);
    if (place === 'the end') continue;
    for (const [code, name] of buttons)
      if (!means({ kind: 'choice', stamp: session.asked.toString(36), code }, name))
        say('P8', 'common', 'buttons', `${code} does not mean ${name} at ${place}`);
    for (const zero of phones.has(place) ? [] : zeros)
      for (const [digit, name] of [
        [9, 'human'],
        [0, 'back'],
      ] as const)
        if (!means(text(String.fromCodePoint(zero + digit)), name))
          say('P8', 'common', 'numbers', `${digit} does not mean ${name} at ${place}`);
  }
  for (const [group, phrases] of cries)
    for (const phrase of phrases)
      if (fold(phrase) !== '' && crisisIn(spoken(phrase), words) === null) say('P27', 'crisis', group, `"${phrase}" is not heard`);
  return findings;
}
