// Effects, a language and what a channel can do become messages. The flow never names a channel:
// here is the one place where a choice becomes a button or a number.
import type { Capabilities, Choice, ChoiceKind, Message } from '../channel/channel.ts';
import { consentOf, covered } from '../flow/covered.ts';
import type { Flow, Step } from '../flow/definition.ts';
import type { Effect } from '../flow/effect.ts';
import { changeable, options, partnerItem } from '../flow/options.ts';
import type { Known, Session } from '../flow/session.ts';
import { stampOf } from '../flow/understand.ts';
import type { Catalog, Values } from './catalog.ts';
import { directed } from './directed.ts';
import { answerWords, label } from './labels.ts';

/** One screen's worth; a longer whole becomes several messages, never a cut one. */
export const mostText = 700;

export type Rendering = {
  flow: Flow;
  catalog: Catalog;
  session: Session;
  /** What is known at the question asked. */
  known: Known;
  values: Values | (() => Values);
  capabilities: Capabilities;
  /** Words shown before everything else, such as a caseworker's message. */
  lead?: string[];
  /** Label of the button just used. */
  lock?: string;
};

type Block = { text: string; choices: Choice[]; replaces: boolean; alone: boolean };

export function render(effects: Effect[], given: Rendering): Message[] {
  const { catalog, session, capabilities, values } = given;
  const direction = catalog.direction(session.lang);
  const turned = (text: string) => directed(text, direction);
  const block = (text: string): Block => ({ text: turned(text), choices: [], replaces: false, alone: false });
  // Somebody else's words are shown as they came.
  const blocks = (given.lead ?? []).map((text): Block => ({ text, choices: [], replaces: false, alone: true }));
  for (const effect of effects) {
    if (effect.do === 'say') blocks.push(block(catalog.text(session.lang, effect.file, `say.${effect.key}`, values)));
    else if (effect.do === 'notice') blocks.push(block(notice(given, effect.name, effects)));
    else if (effect.do === 'ask' || effect.do === 'mark') {
      const step = given.flow.steps[effect.step];
      if (step === undefined) continue;
      const asked = question(given, step, effect.do === 'mark');
      const choices = asked.choices.map((one) => ({ ...one, label: turned(one.label) }));
      blocks.push({ ...asked, text: turned(asked.text), choices });
    }
  }
  const most = Math.min(mostText, capabilities.maxText);
  return joined(
    blocks.filter((one) => one.text.trim() !== ''),
    most,
    capabilities.maxText,
  ).map((one, i) => ({
    id: `m_${session.seq}${i === 0 ? '' : `_${i}`}`,
    text: one.text,
    language: session.lang,
    direction,
    choices: one.choices,
    ...(one.replaces ? { replaces: true as const } : {}),
    ...(i === 0 && given.lock !== undefined && !one.replaces ? { lock: turned(given.lock) } : {}),
  }));
}

/** A question may say in its own words what it could not take. */
function notice({ flow, catalog, session }: Rendering, name: string, effects: Effect[]): string {
  const asked = effects.find((one) => one.do === 'ask');
  const step = asked === undefined ? undefined : flow.steps[asked.step];
  const own = step === undefined ? '' : `steps.${step.ref.slice(step.file.length + 1)}.invalid`;
  const hasOwn = name === 'invalid' && step !== undefined && catalog.has(session.lang, step.file, own);
  return hasOwn ? catalog.text(session.lang, step.file, own) : catalog.text(session.lang, 'common', `notices.${name}`);
}

/** Texts that fit together become one message, so that a phone rings once. */
function joined(blocks: Block[], most: number, hardest: number): Block[] {
  const messages: Block[] = [];
  for (const one of blocks) {
    const last = messages.at(-1);
    const text = last === undefined ? one.text : `${last.text}\n\n${one.text}`;
    if (last !== undefined && !last.alone && !one.alone && last.choices.length === 0 && text.length <= most)
      messages[messages.length - 1] = { ...one, text };
    else {
      const parts = split(one.text, one.alone ? hardest : most);
      parts.forEach((part, i) => {
        messages.push({ ...one, text: part, choices: i === parts.length - 1 ? one.choices : [] });
      });
    }
  }
  return messages;
}

/** At line ends where possible, then at spaces, never inside a surrogate pair. */
export function split(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const window = rest.slice(0, most);
    const line = window.lastIndexOf('\n');
    const space = window.lastIndexOf(' ');
    let cut = line > most / 3 ? line : space > most / 3 ? space : most;
    if (cut === most && /[\ud800-\udbff]$/.test(window)) cut -= 1;
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...parts, rest];
}

function question(given: Rendering, step: Step, replaces: boolean): Block {
  const { flow, catalog, session, known, values, capabilities } = given;
  const { lang } = session;
  const asked = session.page > 0 && step.review ? catalog.text(lang, 'common', 'buttons.change') : ask(given, step, values);
  const recap = step.review && session.page === 0 ? recapLines(given) : [];
  const codes = options(flow, session, step, known);
  const marked = (code: string) => (session.marked.includes(code) ? '✅ ' : '');
  const labels = codes.map((code) => `${marked(code)}${label(flow, catalog, lang, step, code)}`);
  const text = [asked, ...recap].join('\n');
  const stamp = stampOf(session);
  if (capabilities.choices === 'numbers') {
    const numbered = labels.map((one, i) => `${i + 1}  ${one}`);
    const hint = catalog.text(lang, 'common', 'numbers.hint');
    return {
      text: [text, '', ...numbered, ...(numbered.length > 0 ? [''] : []), hint].join('\n'),
      choices: choices(codes, labels, stamp),
      replaces: false,
      alone: false,
    };
  }
  const aside = (['back', 'person', 'urgent'] as const).map((kind) => ({
    id: `${stamp}.${kind === 'urgent' ? '~sos' : `~${kind}`}`,
    label: catalog.text(lang, 'common', `buttons.${kind}`),
    kind,
  }));
  return { text, choices: [...choices(codes, labels, stamp), ...aside], replaces, alone: false };
}

const choices = (codes: string[], labels: string[], stamp: string): Choice[] =>
  codes.map((code, i) => {
    const kind: ChoiceKind = code === 'skip' ? 'skip' : 'answer';
    return { id: `${stamp}.${code}`, label: labels[i] ?? code, kind };
  });

const ask = ({ catalog, session }: Rendering, step: Step, values: Rendering['values']) =>
  catalog.text(session.lang, step.file, `steps.${step.ref.slice(step.file.length + 1)}.ask`, values);

/** All the consent covers, one line each. */
function recapLines({ flow, catalog, session, known }: Rendering): string[] {
  const consent = consentOf(flow, known);
  if (consent === null) return [];
  const shown = covered(flow, consent, known);
  return changeable(flow, session, known).map((item) => {
    const words =
      item === partnerItem
        ? { title: catalog.text(session.lang, 'common', 'recap.partner'), value: session.partner?.name ?? '' }
        : answerWords(flow, catalog, session.lang, item, shown[item] ?? null);
    return catalog.text(session.lang, 'common', 'recap.answer', words);
  });
}
