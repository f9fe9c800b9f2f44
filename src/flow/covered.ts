// What a consent covers of what is known on the current path: shown in the recap, and nothing else is ever sent.
import type { Flow } from './definition.ts';
import { only } from './only.ts';
import type { Known, Session } from './session.ts';

/** Items in the order they were answered. */
export function covered(flow: Flow, consent: string, known: Known): Known {
  const field = flow.fields[consent];
  const patterns = field?.type === 'choice' ? (field.covers ?? []) : [];
  const fits = (item: string) =>
    patterns.some((pattern) => (pattern.endsWith('/*') ? item.startsWith(pattern.slice(0, -1)) : pattern === item));
  return only(known, fits);
}

/** The consent a recap step is about: the one already given on this path. */
export function consentOf(flow: Flow, known: Known): string | null {
  return Object.keys(known).find((item) => flow.fields[item]?.data === 'consent' && known[item] === 'yes') ?? null;
}

/** Every consent said yes to and not taken back, whether or not the path still passes it. */
export const agreed = (flow: Flow, { answers }: Session): string[] =>
  Object.keys(answers).filter((name) => flow.fields[name]?.data === 'consent' && answers[name]?.value === 'yes');
