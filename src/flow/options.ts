// The choices of a question as codes, in the order they stand on screen. Rendering and understanding
// both read this, so a number or a tap can never mean something else than what was shown.
import { consentOf, covered } from './covered.ts';
import type { Flow, Step } from './definition.ts';
import type { Known, Session } from './session.ts';

const perPage = 6;

/** Controls begin with `~`, so that none can be taken for an option. */
export type Code = string;

export function options(flow: Flow, session: Session, step: Step, known: Known): Code[] {
  if (step.menu !== undefined) return Object.keys(step.menu);
  if (step.language) return flow.languages;
  if (step.pick !== undefined) return paged(flow.lists[step.pick] ?? [], session.page);
  if (step.review) return session.page === 0 ? ['send', 'cancel', '~change'] : items(flow, session, known);
  if (step.ask === undefined) return [];
  const field = flow.fields[step.ask];
  if (field === undefined) return [];
  if (field.data === 'consent') return field.values;
  if (field.type === 'choice') return [...field.values, 'skip'];
  if (field.type === 'choices') return [...field.values, session.marked.length > 0 ? '~done' : 'skip'];
  if (field.type === 'list') return paged(flow.lists[field.of] ?? [], session.page);
  return ['skip'];
}

function paged(list: string[], page: number): Code[] {
  const shown = list.slice(page * perPage, (page + 1) * perPage);
  return [...shown, ...(list.length > perPage ? ['~more'] : []), 'skip'];
}

/** The recap's change list: page 1 is the first six items. */
function items(flow: Flow, session: Session, known: Known): Code[] {
  const all = changeable(flow, session, known);
  const shown = all.slice((session.page - 1) * perPage, session.page * perPage).map((item) => `~item:${item}`);
  return [...shown, ...(all.length > perPage ? ['~more'] : [])];
}

/** The partner whose link was used is no answer of the flow, and the last item of a recap. */
export const partnerItem = 'partner';

export function changeable(flow: Flow, session: Session, known: Known): string[] {
  const consent = consentOf(flow, known);
  if (consent === null) return [];
  return [...Object.keys(covered(flow, consent, known)), ...(session.partner === undefined ? [] : [partnerItem])];
}

/** How many pages the list of this step has. */
export function pages(flow: Flow, session: Session, step: Step, known: Known): number {
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  const list = step.pick !== undefined ? flow.lists[step.pick] : field?.type === 'list' ? flow.lists[field.of] : undefined;
  return Math.max(1, Math.ceil((list ?? changeable(flow, session, known)).length / perPage));
}
