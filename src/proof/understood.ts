// What a screen offers is understood as what it says (P20): by tap, by its number in the digits of any
// script, and by its label typed. Every entry of a list is found by its name.
import type { Step } from '../flow/definition.ts';
import { fold } from '../flow/fold.ts';
import { options, pages } from '../flow/options.ts';
import type { Facts, Session } from '../flow/session.ts';
import { type Reply, stampOf, understand } from '../flow/understand.ts';
import { waits } from '../flow/walk.ts';
import type { Content } from '../text/content.ts';
import { label, listOf } from '../text/labels.ts';
import { inLocale } from '../text/spot.ts';
import type { Finding } from './finding.ts';
import { labelPlace, standing } from './standing.ts';

export const facts: Facts = { requestOpen: false, programmes: {}, childStaff: true, protectionStaff: true };
/** Western, Arabic-Indic, Persian, Bengali, Devanagari. */
export const zeros = [0x30, 0x660, 0x6f0, 0x9e6, 0x966];

export function understood(content: Content, folder: string, lang: string): Finding[] {
  const { flow, catalog } = content;
  const findings: Finding[] = [];
  // Crisis words come before labels and numbers; that no label holds one is looked at in labels.ts.
  const words = { ...content.words, crisis: [] };
  for (const step of Object.values(flow.steps)) {
    if (!waits(step)) continue;
    const last = step.review ? 1 : pages(flow, standing(step, lang, {}), step, {});
    for (const page of new Set([0, last - 1])) {
      const session = standing(step, lang, { page });
      const asks = (reply: Reply) => understand(flow, session, reply, words, facts).input;
      const codes = options(flow, session, step, {});
      codes.forEach((code, i) => {
        const at = (how: string) =>
          findings.push({
            rule: 'P20',
            where: labelPlace(content, folder, lang, step, code),
            message: `${lang} at ${step.ref} the choice ${code} is not understood ${how}`,
          });
        const meant = asks({ kind: 'choice', stamp: stampOf(session), code });
        const same = (input: typeof meant) => sameMeaning(content, step, session, code, meant, input);
        const said = label(flow, catalog, lang, step, code);
        if (meant.kind === 'stale') at('by a tap');
        if (!same(asks({ kind: 'text', text: said }))) at(`by its label "${said}"`);
        if (flow.fields[step.ask ?? '']?.type === 'phone') return;
        for (const zero of zeros) {
          const typed = String.fromCodePoint(zero + i + 1);
          if (!same(asks({ kind: 'text', text: typed }))) at(`by the number ${typed}`);
        }
      });
    }
  }
  return [...findings, ...entries(content, folder, lang)];
}

/** A number answers a question of several at once; a tap marks, and the answer follows with "done". */
function sameMeaning({ flow }: Content, step: Step, session: Session, code: string, meant: object, input: { kind: string }): boolean {
  if (JSON.stringify(meant) === JSON.stringify(input)) return true;
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  return (
    field?.type === 'choices' && JSON.stringify(input) === JSON.stringify({ kind: 'answer', value: [code] }) && session.marked.length === 0
  );
}

function entries({ flow, catalog, words }: Content, folder: string, lang: string): Finding[] {
  const used = new Set(Object.values(flow.steps).flatMap((step) => listOf(flow, step) ?? []));
  return [...used].flatMap((list) =>
    (flow.lists[list] ?? []).flatMap((code) => {
      const name = catalog.text(lang, 'lists', `${list}.${code}.name`);
      const found = words.entries(list).get(fold(name)) ?? [];
      if (found.includes(code) && found.length === 1) return [];
      const where = inLocale(folder, lang, 'lists', `${list}.${code}.name`);
      const others = found.filter((one) => one !== code).join(', ');
      return [
        {
          rule: 'P20',
          where,
          message: `${lang} lists.${list}.${code} "${name}" typed ${found.includes(code) ? `also means ${others}` : 'is not found'}`,
        },
      ];
    }),
  );
}
