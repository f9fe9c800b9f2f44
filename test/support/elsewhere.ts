// A case system elsewhere that does what the documents ask of it: it keeps ids, and so has one effect of an
// event however often it comes.
import { type SignedHeaders, verify } from '../../src/handoff/sign.ts';

export type Effect = { id: string; type: string; caseId: string; seq: number; body: Record<string, unknown> };

/** `from`: it knows what that one knows. */
export function makeElsewhere(from?: { seen: Set<string>; effects: Effect[]; secrets: string[] }) {
  const seen = new Set<string>(from?.seen);
  const effects: Effect[] = [...(from?.effects ?? [])];
  const secrets: string[] = [...(from?.secrets ?? [])];
  return {
    secrets,
    effects,
    seen,
    /** An event whose signature fits. */
    keeps(id: string, body: Buffer): void {
      const event = JSON.parse(body.toString());
      if (!seen.has(id)) effects.push({ id, type: event.type, caseId: event.data.case_id, seq: event.data.seq, body: event });
      seen.add(id);
    },
    /** Without a network: the status it answers. */
    takes(headers: SignedHeaders, body: Buffer, now: number): number {
      const id = verify(secrets, headers, body, now);
      if (id === null) return 401;
      this.keeps(id, body);
      return 202;
    },
    /** Begins anew, as if it had never heard of anybody. */
    forgets(): void {
      seen.clear();
      effects.length = 0;
    },
  };
}
