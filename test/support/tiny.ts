// Flows so small that every state of them can be visited one by one, with a little of everything: a detour that is
// read by words, a page that depends on who is there, a consent, a recap, a list, marks, a request.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Given } from '../../src/proof/model.ts';
import { link } from '../../src/text/link.ts';
import { places } from '../../src/text/places.ts';
import { readFiles } from '../../src/text/read.ts';

const files: Record<string, string> = {
  'common.yaml': `version: 1
entry: start/topics
home: start/topics
reply: mine/write
links: [start/topics, read/list]
languages: [en]
tries: {max: 2, then: aside/person}
budget: {picks: 9, answers: 9}
safe: [start/phone]
carry: [start/phone]
fields:
  agree: {type: choice, values: [yes, no], data: consent, kind: talk, covers: [group, hours]}
  group: {type: choice, values: [one, two], data: personal, keep: 30d}
  hours: {type: choice, values: [early, late], data: personal, keep: 30d}
interrupts:
  help: {go: aside/help}
  language: {go: aside/language}
  human: {go: aside/person}
  urgent: {go: aside/urgent, by-word: {danger: aside/danger}}
  stop: {go: aside/stop}
  delete: {go: aside/delete}
  back: {builtin: back}
promises:
  - {when: {start/phone: no}, never: {kind: talk}}
`,
  'start.yaml': `steps:
  topics: {menu: {read: read/list, ask: wish}}
  wish:
    next:
      - {when: {rule: request-open}, to: mine/hub}
      - {when: {rule: draft-language}, to: draft}
      - {to: phone}
  draft: {say: [draft], restart: topics}
  phone: {menu: {yes: staff, no: unsafe}}
  unsafe: {say: [unsafe], restart: topics}
  staff:
    next:
      - {when: {rule: no-protection-staff}, to: nobody}
      - {to: agree}
  nobody: {say: [nobody], menu: {home: resume, no: home}}
  home: {restart: topics}
  agree:
    ask: agree
    next:
      - {when: {agree: yes}, to: group}
      - {to: refused}
  refused: {say: [refused], restart: topics}
  group:
    ask: group
    next:
      - {when: {rule: no-child-staff}, to: hours}
      - {to: recap}
  hours: {ask: hours, next: recap}
  recap: {review: covered, next: {send: sent, cancel: refused}}
  sent: {handoff: {kind: talk, consent: agree, send: covered}, say: [receipt], end: handed-off}
`,
  'read.yaml': `steps:
  list: {say: [list], menu: {one: one, two: two, done: resume}}
  one: {say: [one], next: list}
  two: {say: [two], next: deep}
  deep: {menu: {one: one, wish: to-wish, done: resume}}
  to-wish: {restart: start/wish}
`,
  'aside.yaml': `steps:
  help: {say: [help], next: resume}
  language: {language: true, next: resume}
  person:
    say: [contacts]
    next:
      - {when: {rule: request-open}, to: mine/hub}
      - {to: offer}
  offer: {menu: {go-on: resume}}
  urgent: {say: [not-emergency], menu: {danger: danger, go-on: resume}}
  danger: {say: [not-emergency, numbers], menu: {go-on: resume}}
  stop: {say: [stop], end: stopped}
  delete:
    next:
      - {when: {rule: request-open}, to: sure}
      - {to: erase}
  sure: {menu: {erase: erase, keep: resume}}
  erase: {forget: all, say: [gone], end: erased}
`,
  'mine.yaml': `steps:
  hub: {menu: {write: write, take-back: taken, home: resume}}
  write:
    write: true
    next:
      - {when: {rule: request-open}, to: written}
      - {to: closed}
  written: {say: [written], next: write}
  closed: {say: [closed], next: resume}
  taken: {withdraw: true, say: [taken], end: closed}
`,
  'operator.yaml': `name: Example
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
`,
  'lists.yaml': 'countries: [by]\n',
};

export type Edit = [file: string, from: string, to: string];

/** Linked, with these edits and everyday words to these steps; texts play no part. */
export function tiny(edits: Edit[] = [], topics = ['read/list', 'read/one', 'read/two']): Given {
  const folder = mkdtempSync(join(tmpdir(), 'tiny-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      const own = edits.filter(([file]) => `${file}.yaml` === name);
      for (const [, from] of own) if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
      writeFileSync(
        join(folder, name),
        own.reduce((now, [, from, to]) => now.replace(from, to), text),
      );
    }
    const read = readFiles(folder);
    if ('findings' in read) throw new Error(read.findings.join('\n'));
    const linked = link(read);
    if ('findings' in linked) throw new Error(linked.findings.join('\n'));
    return {
      flow: { ...linked, consentText: { agree: { en: 'words' } } },
      words: {
        crisis: [],
        interrupts: new Map(),
        topics: new Map(topics.map((ref) => [ref, ref])),
        labels: () => new Map(),
        entries: () => new Map(),
      },
      where: places(read),
      rank: () => 0,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
