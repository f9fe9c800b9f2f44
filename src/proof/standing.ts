// One step on its own: a session that waits there, and where the words of its choices stand. Screens are
// proved one by one, since nothing shown before changes what is on them.
import type { Step } from '../flow/definition.ts';
import type { Session } from '../flow/session.ts';
import type { Content } from '../text/content.ts';
import { inLocale } from '../text/spot.ts';

/** A session that stands at a step and has the longest stamp. */
export const standing = (step: Step, lang: string, rest: Partial<Session> = {}): Session => ({
  ...{ version: 0, hash: '', lang, from: { step: step.ref, picks: {} }, picks: {}, answers: {}, detour: null },
  ...{ marked: [], page: 0, tries: 0, seq: 0, asked: 36 ** 7 - 1, done: null },
  ...rest,
});

/** Where the words of a choice stand: at the step, in a list, or among the buttons all steps share. */
export function labelPlace({ catalog, flow }: Content, folder: string, lang: string, step: Step, code: string): string {
  const item = code.startsWith('~item:') ? code.slice(6) : null;
  if (item !== null) {
    const asking = flow.steps[item] ?? Object.values(flow.steps).find((one) => one.ask === item) ?? step;
    return inLocale(folder, lang, asking.file, `steps.${asking.ref.slice(asking.file.length + 1)}.title`);
  }
  const own = `steps.${step.ref.slice(step.file.length + 1)}.options.${code.replace('~', '')}`;
  if (catalog.has(lang, step.file, own)) return inLocale(folder, lang, step.file, own);
  if (code === 'skip' || code.startsWith('~')) return inLocale(folder, lang, 'common', `buttons.${code.replace('~', '')}`);
  const field = step.ask === undefined ? undefined : flow.fields[step.ask];
  const list = step.pick ?? (field?.type === 'list' ? field.of : undefined);
  if (list !== undefined) return inLocale(folder, lang, 'lists', `${list}.${code}.name`);
  return step.language ? inLocale(folder, code, 'common', 'language') : inLocale(folder, lang, step.file, own);
}
