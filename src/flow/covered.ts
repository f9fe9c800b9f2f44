// What a consent covers of what is known on the current path: shown in the recap, and nothing else is ever sent.
import type { Flow } from './definition.ts';
import type { Known } from './session.ts';

/** Items in the order they were answered. */
export function covered(flow: Flow, consent: string, known: Known): Known {
  const field = flow.fields[consent];
  const patterns = field?.type === 'choice' ? (field.covers ?? []) : [];
  const fits = (item: string) =>
    patterns.some((pattern) => (pattern.endsWith('/*') ? item.startsWith(pattern.slice(0, -1)) : pattern === item));
  return Object.fromEntries(Object.entries(known).filter(([item]) => fits(item)));
}

/** The consent a recap step is about: the one already given on this path. */
export function consentOf(flow: Flow, known: Known): string | null {
  return Object.keys(known).find((item) => flow.fields[item]?.data === 'consent' && known[item] === 'yes') ?? null;
}
