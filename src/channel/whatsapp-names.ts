// One person under two ids: a telephone number and an id without one. WhatsApp may know both, or learn of
// the second later, or forget it for a while. Whoever was once seen under both stays one person.
import { remember } from './whatsapp-send.ts';
import type { Said } from './whatsapp-wire.ts';

/** The id we know somebody by, under another one of theirs; kept as long as a session. */
export type Links = { load(id: string): Promise<string | undefined>; save(id: string, person: string): Promise<void> };

export function makeNames(links: Links) {
  const names = new Map<string, string>();
  const told = new Map<string, string>();

  return {
    /** Under which id this person is known, as far as this process has heard. */
    of: (id: string): string => names.get(id) ?? id,
    /** The same, and where they were known before. Rejects while that cannot be read: nobody is taken for a new person. */
    async resolve({ person: id, also }: Said): Promise<{ person: string; formerly?: string[] }> {
      if (also === undefined) {
        const person = names.get(id) ?? (await links.load(id)) ?? id;
        remember(names, id, person);
        return { person };
      }
      remember(names, also, id);
      await links.save(also, id);
      return told.get(id) === also ? { person: id } : { person: id, formerly: [also] };
    },
    /** The conversation knows it now. */
    settle({ person: id, also }: Said): void {
      if (also !== undefined) remember(told, id, also);
    },
  };
}
