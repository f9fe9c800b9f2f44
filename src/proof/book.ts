// The path book: every way and every screen of one language as a chat on one page, for people who read and
// sign off without a phone. One file that needs nothing else; it prints.
import type { Choice, Message } from '../channel/channel.ts';
import type { Step } from '../flow/definition.ts';
import type { Effect } from '../flow/effect.ts';
import { position } from '../flow/position.ts';
import type { Facts, Session } from '../flow/session.ts';
import { begin, step } from '../flow/step.ts';
import { waits } from '../flow/walk.ts';
import type { Content } from '../text/content.ts';
import { directed } from '../text/directed.ts';
import { label } from '../text/labels.ts';
import { render } from '../text/render.ts';
import { placeValues } from '../text/values.ts';
import { bookStyle } from './book-style.ts';
import { standing } from './standing.ts';
import { codeOf, type Place, type Ways, wayTo } from './ways.ts';

const buttons = { choices: 'buttons', maxText: 4096 } as const;
const safe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `facts`: the world the pictures are taken in. */
export function pathBook(content: Content, ways: Ways, facts: Facts, lang: string): string {
  const { flow, catalog } = content;
  const dir = catalog.direction(lang);
  const files = [...new Set(Object.values(flow.steps).map((one) => one.file))];
  const classes = pathClasses(ways);
  const toc = [
    ...classes.map(({ name }, i) => `<li><a href="#way-${i}">${safe(name)}</a></li>`),
    ...files.map((file) => `<li><a href="#file-${file}">Screens of ${safe(file)}</a></li>`),
  ];
  const parts = [
    `<section><h2>Ways</h2>${classes.map(({ name, place }, i) => way(content, lang, dir, name, place, `way-${i}`)).join('')}${asides(content, facts, lang, dir)}</section>`,
    ...files.map((file) => screensOf(content, facts, lang, dir, file)),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Path book: ${safe(catalog.text(lang, 'common', 'language'))}</title><style>${bookStyle}</style></head>
<body><header><h1>Path book: <span lang="${lang}" dir="${dir}">${safe(catalog.text(lang, 'common', 'language'))}</span></h1>
<p>Version ${flow.version} of the flows, structure ${flow.hash}. Grey: what the person sees. Green: what they choose. Read each screen, mark what is wrong, and sign at the end of each part.</p>
<nav><ol>${toc.join('')}</ol></nav></header>
<main>${parts.join('\n')}</main></body></html>
`;
}

const order = ['Opens', 'Ends', 'Is told', 'Comes to'];

type PathClass = { name: string; place: Place };

/** The shortest way to each thing that can come of a conversation: a kind of request, an end, a fresh beginning. */
function pathClasses({ places, arcs }: Ways): PathClass[] {
  const found = new Map<string, Place>();
  const last = arcs.map(({ from, to, value, session, effects }): Place => ({ ...to, session, effects, from, code: codeOf(value) }));
  for (const place of [...places.filter((one) => one.from === null), ...last]) {
    const name = nameOf(place);
    const before = found.get(name);
    if (before === undefined || wayTo(place).length < wayTo(before).length) found.set(name, place);
  }
  const rank = (name: string) => order.findIndex((begin) => name.startsWith(begin));
  return [...found].map(([name, place]) => ({ name, place })).sort((a, b) => rank(a.name) - rank(b.name));
}

/** What is particular about arriving here. */
function nameOf({ effects, session, at }: Place): string {
  const opened = effects.find((effect) => effect.do === 'open-case');
  if (opened?.do === 'open-case') return `Opens a ${opened.kind} request (${opened.consent})`;
  if (session.done !== null) return `Ends: ${session.done}`;
  const pages = effects.flatMap((effect) => (effect.do === 'say' ? [`${effect.file}.${effect.key}`] : []));
  return pages.length > 0 ? `Is told ${pages.join(', ')}` : `Comes to ${at?.ref ?? 'an end'}`;
}

function shown(content: Content, lang: string, session: Session, effects: Effect[], facts: Facts): Message[] {
  const { flow, catalog, packOf, values } = content;
  const told = { ...session, lang };
  const { known } = position(flow, told, facts);
  const country = String(known['welcome/country'] ?? Object.keys(facts.programmes)[0] ?? '');
  const name = `countries.${country}.name`;
  const inserted = {
    ...values(lang),
    country: catalog.has(lang, 'lists', name) ? catalog.text(lang, 'lists', name) : '',
    // The book is the same whenever it is printed: nothing in it was checked lately.
    ...placeValues({ pack: packOf(country), catalog, lang, mode: 'demo', today: 0 }),
    organisation: 'UNHCR',
    ref: '7K4-2PD',
    days: catalog.count(lang, 'common', 'days', 14),
  };
  return render(effects, { flow, catalog, session: told, known, values: inserted, capabilities: buttons });
}

function way(content: Content, lang: string, dir: string, name: string, place: Place, id: string): string {
  const places = wayTo(place);
  const lines = places.flatMap((one, i) => {
    const before = places[i - 1];
    const said = before?.at ? [person(content, lang, dir, before.at, one.code)] : [];
    return [...said, ...shown(content, lang, one.session, one.effects, one.facts).map((message) => bubble(message, dir))];
  });
  const codes = places
    .slice(1)
    .map((one) => one.code)
    .join(' · ');
  return `<details id="${id}"${name.startsWith('Opens') ? ' open' : ''}><summary>${safe(name)}</summary><p class="codes">${safe(codes)}</p><div class="chat" lang="${lang}" dir="${dir}">${lines.join('')}</div>${signOff(name)}</details>`;
}

function person({ flow, catalog }: Content, lang: string, dir: string, at: Step, code: string): string {
  const words = at.write
    ? '…'
    : at.language
      ? catalog.text(lang, 'common', 'language')
      : code === 'given'
        ? '+000 000 000'
        : code
            .split('+')
            .map((one) => label(flow, catalog, lang, at, one))
            .join(', ');
  return `<p class="they" dir="${dir}">${safe(directed(words, catalog.direction(lang)))}</p>`;
}

/** A message with its choices; `to`: where each choice leads. */
function bubble({ text, choices }: Message, dir: string, to: (choice: Choice) => string = () => ''): string {
  const answers = choices.filter((one) => one.kind === 'answer' || one.kind === 'skip');
  const row = answers.map((one) => `<li><span class="button">${safe(one.label)}</span>${to(one)}</li>`).join('');
  const rest = choices
    .filter((one) => one.kind !== 'answer' && one.kind !== 'skip')
    .map((one) => safe(one.label))
    .join(' · ');
  const always = rest === '' ? '' : `<p class="always">${rest}</p>`;
  return `<div class="we" dir="${dir}"><p>${safe(text).replaceAll('\n', '<br>')}</p>${row === '' ? '' : `<ul>${row}</ul>`}${always}</div>`;
}

/** What the words that always work show, from the topics. */
function asides(content: Content, facts: Facts, lang: string, dir: string): string {
  const { flow, catalog } = content;
  const home: Session = { ...begin(flow, lang, 0), from: { step: flow.home, picks: {} } };
  const names = ['help', 'language', 'human', 'urgent', 'stop', 'delete'] as const;
  return [false, true]
    .flatMap((requestOpen) =>
      names.map((name) => {
        const world = { ...facts, requestOpen };
        const { session, effects } = step(flow, home, { kind: 'interrupt', name }, world);
        const messages = shown(content, lang, session, effects, world).map((message) => bubble(message, dir));
        const word = catalog.text(lang, 'common', `commands.${name === 'urgent' ? 'sos' : name}`);
        const title = `Sends the word for ${name}${requestOpen ? ', with a request open' : ''}`;
        return `<details><summary>${safe(title)}</summary><div class="chat" lang="${lang}" dir="${dir}"><p class="they" dir="${dir}">${safe(word)}</p>${messages.join('')}</div></details>`;
      }),
    )
    .join('');
}

function screensOf(content: Content, facts: Facts, lang: string, dir: string, file: string): string {
  const { flow } = content;
  const steps = Object.values(flow.steps).filter((one) => one.file === file);
  const boxes = steps.map((one) => {
    const asks: Effect[] = waits(one) ? [{ do: 'ask', step: one.ref }] : [];
    const effects: Effect[] = [...one.say.map((key): Effect => ({ do: 'say', file, key })), ...asks];
    const messages = shown(content, lang, standing(one, lang, { asked: 0 }), effects, facts);
    const to = ({ id }: Choice) => {
      const target = one.menu?.[id.slice(id.indexOf('.') + 1)];
      return target === undefined ? '' : ` <small dir="ltr">→ ${safe(target)}</small>`;
    };
    const on = [
      ...(one.menu === undefined ? [...(one.next ?? []).map((branch) => branch.to), one.send ?? '', one.cancel ?? ''] : []),
      one.restart === undefined ? '' : `${one.restart} (begins anew)`,
      one.end === undefined ? '' : `end: ${one.end}`,
    ].filter((text) => text !== '');
    return `<article id="${one.ref}"><h3>${safe(one.ref)}</h3><div class="chat" lang="${lang}" dir="${dir}">${messages.map((message) => bubble(message, dir, to)).join('')}</div>${on.length > 0 ? `<p class="codes">→ ${safe(on.join(' · '))}</p>` : ''}</article>`;
  });
  return `<section id="file-${file}"><h2>Screens of ${safe(file)}</h2><div class="screens">${boxes.join('')}</div>${signOff(file)}</section>`;
}

const signOff = (what: string): string =>
  `<table class="sign"><caption>Sign-off: ${safe(what)}</caption><tr><th scope="col">Role</th><th scope="col">Date</th><th scope="col">Right as it is</th><th scope="col">To be changed</th></tr><tr><td></td><td></td><td>☐</td><td></td></tr></table>`;
