// Replies that Telegram would not take yet. A webhook's update waits for them, and comes again if need be.
// With polling that would hold everybody up, so the update is confirmed and who is owed is kept: after a
// kill, or when Telegram is back, they are sent once more from the session.

/** Person to the id of the message whose answer is owed. Sealed and short-lived. */
export type OwedStore = { load(): Promise<Record<string, string> | undefined>; save(owed: Record<string, string>): Promise<void> };

const lookMs = 100;

export function makeOwed(store: OwedStore, owes: (person: string) => boolean) {
  const owed = new Map<string, string>();
  let saved = '{}';

  return {
    note(person: string, id: string): void {
      if (owes(person)) owed.set(person, id);
      else owed.delete(person);
    },
    /** To be called before anything is confirmed. Rejects when it could not be kept. */
    async keep(): Promise<void> {
      for (const person of owed.keys()) if (!owes(person)) owed.delete(person);
      const now = Object.fromEntries(owed);
      const text = JSON.stringify(now);
      if (text === saved) return;
      await store.save(now);
      saved = text;
    },
    /** Who is owed an answer, by this process or by the one before it. */
    async all(): Promise<[person: string, id: string][]> {
      const before = (await store.load()) ?? {};
      for (const [person, id] of Object.entries(before)) if (!owed.has(person)) owed.set(person, id);
      saved = JSON.stringify(before);
      return [...owed];
    },
  };
}

/** Resolves when everything has gone out to this person; rejects when that takes too long. */
export async function paid(owes: () => boolean, withinMs: number): Promise<void> {
  for (let waited = 0; owes(); waited += lookMs) {
    if (waited >= withinMs) throw new Error('an answer is still owed');
    await new Promise((go) => setTimeout(go, lookMs));
  }
}
