// The words of options and answers. One place, so that a button, a number, the recap and the desk
// can never call the same thing by different names.
import type { Flow, Step } from '../flow/definition.ts';
import { partnerItem } from '../flow/options.ts';
import type { Value } from '../flow/session.ts';
import type { Catalog } from './catalog.ts';

const nameOf = (ref: string) => ref.slice(ref.indexOf('/') + 1);

/** Label of an option code at a step. */
export function label(flow: Flow, catalog: Catalog, lang: string, step: Step, code: string): string {
  if (step.language) return catalog.text(code, 'common', 'language');
  if (code === `~item:${partnerItem}`) return catalog.text(lang, 'common', 'recap.without-partner');
  if (code.startsWith('~item:')) return title(flow, catalog, lang, code.slice(6));
  const own = `steps.${nameOf(step.ref)}.options.${code.replace('~', '')}`;
  if (catalog.has(lang, step.file, own)) return catalog.text(lang, step.file, own);
  const control = `buttons.${code.replace('~', '')}`;
  if (code === 'skip' || code.startsWith('~')) return catalog.text(lang, 'common', control);
  const list = listOf(flow, step);
  if (list !== null) return catalog.text(lang, 'lists', `${list}.${code}.name`);
  return catalog.text(lang, step.file, own);
}

export function listOf(flow: Flow, step: Step): string | null {
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  return step.pick ?? (field?.type === 'list' ? field.of : null);
}

const asking = new WeakMap<Flow, Map<string, Step>>();

/** The step that asks for a field, or the menu of a pick. */
function stepOf(flow: Flow, item: string): Step | null {
  const known =
    asking.get(flow) ?? new Map(Object.values(flow.steps).flatMap((step) => (step.ask === undefined ? [] : [[step.ask, step]])));
  asking.set(flow, known);
  return flow.steps[item] ?? known.get(item) ?? null;
}

/** The short name of a question, for recap and desk. */
function title(flow: Flow, catalog: Catalog, lang: string, item: string): string {
  const step = stepOf(flow, item);
  return step === null ? item : catalog.text(lang, step.file, `steps.${nameOf(step.ref)}.title`);
}

/** A coded answer in words; `null` is "no answer". */
export function answerWords(flow: Flow, catalog: Catalog, lang: string, item: string, value: Value): { title: string; value: string } {
  const step = stepOf(flow, item);
  if (step === null) return { title: item, value: Array.isArray(value) ? value.join(', ') : (value ?? '') };
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  // The number itself is in no session; only that one was given.
  const one = (code: string) =>
    field?.type === 'phone' ? catalog.text(lang, 'common', 'recap.given') : label(flow, catalog, lang, step, code);
  const words =
    value === null ? catalog.text(lang, 'common', 'recap.skipped') : (Array.isArray(value) ? value : [value]).map(one).join(', ');
  return { title: title(flow, catalog, lang, item), value: words };
}
