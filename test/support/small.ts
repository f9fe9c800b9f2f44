// A small whole set of flows and locales in a temporary folder, to be spoiled in one place by a test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const common = `version: 1
entry: start/language
home: start/topics
reply: mine/write
links: [start/language]
languages: [en, fr]
tries: {max: 3, then: aside/person}
budget: {picks: 9, answers: 9}
safe: [start/phone]
carry: [start/country, start/phone]
fields:
  agree: {type: choice, values: [yes, no], data: consent, kind: talk, covers: [start/country, needs]}
  needs: {type: choices, values: [health, baby, none], none: none, data: sensitive, keep: 30d}
  number: {type: phone, data: personal, keep: 30d}
interrupts:
  help: {go: aside/help}
  language: {go: start/pick-language}
  human: {go: aside/person}
  urgent: {go: aside/urgent, by-word: {danger: aside/danger}}
  stop: {go: aside/stop}
  delete: {go: aside/delete}
  back: {builtin: back}
promises:
  - {when: {start/phone: no}, never: {kind: talk}}
`;
const start = `steps:
  language: {language: true, next: hello}
  pick-language: {language: true, next: resume}
  hello: {say: [hello], next: country}
  country: {pick: countries, next: topics}
  topics: {menu: {learn: learn, ask: phone}}
  learn: {say: [page], next: resume}
  phone: {menu: {yes: agree, no: unsafe}}
  unsafe: {say: [unsafe], restart: topics}
  agree:
    ask: agree
    next:
      - {when: {agree: yes}, to: needs}
      - {to: refused}
  refused: {say: [refused], restart: topics}
  needs: {ask: needs, next: number}
  number: {ask: number, next: recap}
  recap: {review: covered, next: {send: sent, cancel: refused}}
  sent: {handoff: {kind: talk, consent: agree, send: covered}, say: [receipt], end: handed-off}
`;
const aside = `steps:
  help: {say: [help], next: resume}
  person: {say: [person], menu: {go-on: resume}}
  urgent: {say: [urgent], menu: {go-on: resume}}
  danger: {say: [danger], menu: {go-on: resume}}
  stop: {say: [stop], end: stopped}
  delete: {forget: all, say: [gone], end: erased}
`;
const mine = `steps:
  write: {write: true, next: written}
  written: {say: [written], next: write}
`;
const operator = `name: Example
kind: ngo
controller: Example
funders: [Example fund]
governmentFunded: false
paidPerReturn: false
iomRelation: none
staffHours: Mo-Fr 9-17
childTrained: false
complaints: complaints@example.org
sea: sea@example.org
fraud: fraud@example.org
free: true
independent: false
`;
const pack = `country: by
open: true
noReturn: [sy]
partnerVisits: false
contacts: []
sources: {}
`;

const texts = (word: (key: string) => string, language: string) => {
  const all = (...keys: string[]) => Object.fromEntries(keys.map((key) => [key, word(key)]));
  return {
    start: {
      say: all('hello', 'page', 'unsafe', 'refused', 'receipt'),
      steps: {
        language: { ask: word('language?') },
        'pick-language': { ask: word('which language?') },
        country: { ask: word('country?'), title: word('Country') },
        topics: { ask: word('topics?'), options: all('learn', 'ask') },
        phone: { ask: word('phone?'), options: all('yes', 'no') },
        agree: { ask: word('agree?'), options: all('yes', 'no') },
        needs: { ask: word('needs?'), title: word('Needs'), options: all('health', 'baby', 'none') },
        number: { ask: word('number?'), invalid: word('no number') },
        recap: { ask: word('recap?'), options: all('send', 'cancel') },
      },
    },
    aside: {
      say: all('help', 'person', 'urgent', 'danger', 'stop', 'gone'),
      steps: {
        person: { ask: word('person?'), options: all('go-on') },
        urgent: { ask: word('urgent?'), options: all('go-on') },
        danger: { ask: word('danger?'), options: all('go-on') },
      },
    },
    mine: { say: all('written'), steps: { write: { ask: word('write?') } } },
    common: {
      language,
      buttons: all('back', 'person', 'urgent', 'skip', 'more', 'done', 'change'),
      days_one: word('{{count}} day'),
      ...(language === 'English' ? {} : { days_many: word('{{count}} days') }),
      days_other: word('{{count}} days'),
      numbers: { hint: word('hint') },
      notices: all('closed', 'unclear', 'media', 'edited', 'which', 'invalid', 'problem', 'slow'),
      about: {
        ...all('not-iom', 'is-iom', 'not-government', 'is-government', 'independent', 'free', 'demo', 'draft'),
        ...all('government-funded', 'not-government-funded', 'paid-per-return', 'not-paid-per-return'),
        runs: `${word('runs')} {{name}}`,
        funded: `${word('funded')} {{funders}}`,
      },
      recap: {
        answer: '{{title}}: {{value}}',
        skipped: word('skipped'),
        given: word('given'),
        partner: word('partner'),
        'without-partner': word('without'),
      },
      commands: all('help', 'language', 'human', 'sos', 'stop', 'delete', 'back', 'about', 'short'),
      message: all('from', 'closed', 'erased', 'unanswered'),
      support: {
        line: '{{kind}}: {{amount}} {{currency}} ({{conditions}})',
        checked: '{{date}}',
        ...all('none', 'stale', 'no-waiting'),
        kinds: {},
      },
      contacts: {
        line: '{{role}}: {{name}}, {{value}}',
        none: word('none'),
        elsewhere: word('elsewhere'),
        missing: '{{roles}}',
        unverified: word('unverified'),
        roles: {},
      },
      hours: {
        always: word('always'),
        opening: '{{days}}, {{times}}',
        days: '{{from}}-{{to}}',
        times: '{{from}}-{{to}}',
        time: '{{hour}}:{{minute}}',
      },
    },
    lists: { countries: { by: { name: 'Belarus' }, sy: { name: word('Syria') }, ly: { name: word('Libya') } } },
    interrupts: {
      help: ['help'],
      language: ['language'],
      human: ['person'],
      urgent: ['sos'],
      stop: ['stop'],
      delete: ['delete'],
      back: ['back'],
    },
    crisis: { danger: ['help me now'] },
    topics: {},
  };
};

/** Writes the folder and returns both paths. `spoil` changes file texts before they are written. */
export function smallFolder(spoil: (files: Record<string, string>) => void = () => {}): { flows: string; locales: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'small-'));
  const files: Record<string, string> = {
    'flows/common.yaml': common,
    'flows/start.yaml': start,
    'flows/aside.yaml': aside,
    'flows/mine.yaml': mine,
    'flows/operator.yaml': operator,
    'flows/lists.yaml': 'countries: [by, sy, ly]\n',
    'flows/programmes/by.yaml': pack,
  };
  const inFrench = (key: string) => `${key} fr`;
  for (const [lang, tree] of [
    ['en', texts((key) => key, 'English')],
    ['fr', texts(inFrench, 'Français')],
  ] as const)
    for (const [file, text] of Object.entries(tree)) files[`locales/${lang}/${file}.json`] = JSON.stringify(text, null, 2);
  spoil(files);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { flows: join(folder, 'flows'), locales: join(folder, 'locales'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
