// A case system elsewhere that does what the documents ask of it: it keeps ids, and so has one effect of an
// event however often it comes.
import { type SignedHeaders, verify } from '../../src/handoff/sign.ts';

export type Effect = { id: string; type: string; caseId: string; seq: number; body: Record<string, unknown> };

export function makeElsewhere() {
  const seen = new Set<string>();
  const effects: Effect[] = [];
  const secrets: string[] = [];
  return {
    secrets,
    effects,
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
