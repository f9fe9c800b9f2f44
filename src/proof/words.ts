// The proof of words: every screen the flows can show, rendered in every language with the longest values
// it can meet, must fit every channel; and every choice on it must be understood as what it says.
import type { Capabilities, Message } from '../channel/channel.ts';
import type { Step } from '../flow/definition.ts';
import type { Effect } from '../flow/effect.ts';
import { pages } from '../flow/options.ts';
import type { Known, Session } from '../flow/session.ts';
import { waits } from '../flow/walk.ts';
import type { Content } from '../text/content.ts';
import { mostText, render } from '../text/render.ts';
import { inLocale } from '../text/spot.ts';
import { commands } from './commands.ts';
import type { Finding } from './finding.ts';
import { confusions } from './labels.ts';
import { longestKnown, longestValues } from './longest.ts';
import { labelPlace, standing } from './standing.ts';
import { understood } from './understood.ts';

/** The strictest channel's. */
const limits = { text: mostText, first: 400, label: 24, choices: 8, id: 64, toast: 200, command: 256, about: 512, short: 120 };

const buttons: Capabilities = { choices: 'buttons', maxText: 4096 };
const numbers: Capabilities = { choices: 'numbers', maxText: 4096 };

/** What was looked at: a question or text in one language, on a channel with buttons or with numbers, counted once however often it comes. */
export type Words = { findings: Finding[]; screens: number };

/** `folder`: the locale folder, for places. */
export function proveWords(content: Content, folder: string): Words {
  const shown = { count: 0 };
  const findings = content.flow.languages.flatMap((lang) => [
    ...screens(content, folder, lang, shown),
    ...fixed(content, folder, lang),
    ...confusions(content, folder, lang),
    ...understood(content, folder, lang),
    ...commands(content, folder, lang),
  ]);
  // One text stands on many screens; it is told once.
  const seen = new Set<string>();
  const told = findings.filter(({ rule, where, message }) => {
    const name = `${rule} ${where} ${message}`;
    return !seen.has(name) && seen.add(name) !== undefined;
  });
  return { findings: told, screens: shown.count };
}

function screens(content: Content, folder: string, lang: string, counted: { count: number }): Finding[] {
  const { flow, catalog } = content;
  const all = longestValues(content, lang);
  const known = longestKnown(content, lang);
  const first = firstWords(content);
  const findings: Finding[] = [];
  for (const step of Object.values(flow.steps)) {
    const name = step.ref.slice(step.file.length + 1);
    const at = (key: string, message: string) =>
      findings.push({ rule: 'P19', where: inLocale(folder, lang, step.file, key), message: `${lang} ${step.file}.${key} ${message}` });
    for (const key of step.say) {
      const seen = new Set<string>();
      for (const { values, real } of all) {
        const text = catalog.text(lang, step.file, `say.${key}`, values);
        // Contacts may need a second message; what stands around them may not.
        const contacts = values['contacts'] ?? '';
        const list = contacts !== '' && text.includes(contacts) && text.length - contacts.length < limits.text / 2;
        const shape = `${real} ${list} ${text}`;
        if (seen.has(shape)) continue;
        seen.add(shape);
        if (real && step.ref === first && text.length > limits.first)
          at(`say.${key}`, `has ${text.length} characters; the first message has at most ${limits.first}`);
        counted.count += 1;
        const shown = render([{ do: 'say', file: step.file, key }], {
          flow,
          catalog,
          session: standing(step, lang),
          known: {},
          values,
          capabilities: buttons,
        });
        fits(shown, list, (message) => at(`say.${key}`, message));
      }
    }
    if (!waits(step)) continue;
    // Of all that may be inserted only what makes another question.
    const asks = new Map(all.map(({ values }) => [catalog.text(lang, step.file, `steps.${name}.ask`, values), values]));
    for (const session of sessionsAt(content, step, lang, known))
      for (const values of asks.values())
        for (const capabilities of [buttons, numbers]) {
          counted.count += 1;
          const asked: Effect[] = [{ do: 'ask', step: step.ref }];
          const shown = render(asked, { flow, catalog, session, known: step.review ? known : {}, values, capabilities });
          fits(shown, step.review === true, (message) => at(`steps.${name}.ask`, message));
          for (const message of shown) {
            const answers = message.choices.filter((one) => one.kind === 'answer' || one.kind === 'skip');
            if (answers.length > limits.choices) at(`steps.${name}`, `shows ${answers.length} choices; ${limits.choices} are the most`);
            for (const { id, label } of message.choices) {
              const code = id.slice(id.indexOf('.') + 1);
              const words = label.replace('✅ ', '').replace(/[\u200f\u2068\u2069]/gu, '');
              if (words.trim() === '') at(`steps.${name}.options.${code}`, 'is a label without words');
              if (words.length > limits.label)
                findings.push({
                  rule: 'P19',
                  where: labelPlace(content, folder, lang, step, code),
                  message: `${lang} label "${words}" has ${words.length} characters; ${limits.label} are the most`,
                });
              if (new TextEncoder().encode(id).length > limits.id)
                at(`steps.${name}`, `has a choice whose id is longer than ${limits.id} bytes: ${code}`);
            }
          }
        }
  }
  return findings;
}

/** Each page of a list, all marks set, the recap and its list of changes. */
function sessionsAt({ flow }: Content, step: Step, lang: string, known: Known): Session[] {
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  const last = pages(flow, standing(step, lang, {}), step, step.review ? known : {});
  const turned = Array.from({ length: step.review ? last + 1 : last }, (_, page) => standing(step, lang, { page }));
  return field?.type === 'choices' ? [...turned, standing(step, lang, { marked: field.values })] : turned;
}

/** Nothing is ever cut; only a list may need more than one screen. */
function fits(shown: Message[], list: boolean, say: (message: string) => void): void {
  for (const { text, direction } of shown) {
    if (text.length > limits.text) say(`has ${text.length} characters; one screen has at most ${limits.text}`);
    if (/\{\{|undefined|\[object/.test(text)) say('shows a value that was not inserted');
    if (direction === 'rtl' && text.split('\n').some((line) => /^[\p{Script=Latin}\p{Nd}]/u.test(line)))
      say('has a line that begins from the left');
  }
  const whole = shown.reduce((sum, one) => sum + one.text.length, 0);
  if (shown.length > 1 && !list) say(`has ${whole} characters; one screen has at most ${limits.text}`);
}

/** The step whose words everybody reads first: after the language, on the way that is open to all. */
function firstWords({ flow }: Content): string | null {
  let ref: string | undefined = flow.entry;
  for (let i = 0; i < 20 && ref !== undefined; i += 1) {
    const step: Step | undefined = flow.steps[ref];
    if (step === undefined) return null;
    if (step.say.length > 0) return ref;
    ref = step.next?.at(-1)?.to;
  }
  return null;
}

/** Sentences and commands that belong to no step. */
function fixed({ catalog, values }: Content, folder: string, lang: string): Finding[] {
  const findings: Finding[] = [];
  const check = (key: string, most: number, what: string) => {
    const text = catalog.text(lang, 'common', key, { ...values(lang), contacts: '' });
    if (text.length > most)
      findings.push({
        rule: 'P19',
        where: inLocale(folder, lang, 'common', key),
        message: `${lang} common.${key} has ${text.length} characters; ${what} has at most ${most}`,
      });
  };
  for (const name of ['closed', 'unclear', 'media', 'edited', 'which', 'invalid', 'slow', 'problem'])
    check(`notices.${name}`, limits.toast, 'a notice over the screen');
  for (const name of ['help', 'language', 'human', 'sos', 'stop', 'delete', 'back'])
    check(`commands.${name}`, limits.command, 'the description of a command');
  check('commands.about', limits.about, 'the description of the chat');
  check('commands.short', limits.short, 'its short description');
  for (const name of ['from', 'closed', 'erased', 'unanswered']) check(`message.${name}`, limits.text, 'one screen');
  return findings;
}
