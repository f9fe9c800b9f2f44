// A case system elsewhere that does what the documents ask of it: checks the signature, keeps ids, and
// so has one effect of an event however often it comes.
import { type SignedHeaders, verify } from '../../src/handoff/sign.ts';

export type Effect = { id: string; type: string; caseId: string; seq: number };

export function makeElsewhere() {
  const seen = new Set<string>();
  const effects: Effect[] = [];
  const secrets: string[] = [];
  return {
    secrets,
    effects,
    /** The status it answers. */
    takes(headers: SignedHeaders, body: Buffer, now: number): number {
      const id = verify(secrets, headers, body, now);
      if (id === null) return 401;
      const { type, data } = JSON.parse(body.toString());
      if (!seen.has(id)) effects.push({ id, type, caseId: data.case_id ?? '', seq: data.seq });
      seen.add(id);
      return 202;
    },
  };
}
