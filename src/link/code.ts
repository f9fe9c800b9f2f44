// Link codes: short enough to be typed from a poster, signed so that none can be made up. The code is
// no secret and opens nothing; it says whose link it was, until that is taken back.
import type { Keep } from '../store/keep.ts';
import { partnerByCode } from '../store/partners.ts';

/** No sign can be read as another: no 0, 1, i, l, o, and nothing to spell a word with. */
const signs = '23456789bcdfghjkmnpqrstvwxyz';
const idLength = 8;
const macLength = 6;
const shape = new RegExp(`^[${signs}]{${idLength + macLength}}$`);

/** Keyed hash in hex, of the deployment's own key. */
export type Index = (...parts: string[]) => string;

const written = (hex: string, length: number): string => {
  let rest = BigInt(`0x${hex}`);
  let out = '';
  while (out.length < length) {
    out += signs[Number(rest % BigInt(signs.length))];
    rest /= BigInt(signs.length);
  }
  return out;
};

/** A new code without its signature. `random`: at least 8 bytes in hex. */
export const newCode = (random: string): string => written(random, idLength);

/** The code as it stands in links. */
export const signed = (index: Index, code: string): string => code + written(index('link', code), macLength);

/** The code inside, when the signature is ours; not yet whether it is still good. */
export function unsigned(index: Index, text: string): string | null {
  const folded = text.toLowerCase();
  if (!shape.test(folded)) return null;
  const code = folded.slice(0, idLength);
  return signed(index, code) === folded ? code : null;
}

/** Whose link it is, or why it is nobody's: made up, taken back, or over. */
export async function lookUp(
  keep: Keep,
  index: Index,
  text: string,
  now: number,
): Promise<{ code: string; name: string } | { refused: 'unknown' | 'revoked' | 'expired' }> {
  const code = unsigned(index, text);
  const partner = code === null ? null : await partnerByCode(keep, code);
  if (partner === null) return { refused: 'unknown' };
  if (partner.revokedAt !== null) return { refused: 'revoked' };
  if (partner.expiresAt !== null && partner.expiresAt <= now) return { refused: 'expired' };
  return { code: partner.code, name: partner.name };
}

/** How a code stands in a message that a person sends with one tap: in sight, so that they know of it. */
export const inMessage = (code: string): string => `#${code}`;

/** The code in such a message. */
export const codeIn = (text: string): string | null =>
  new RegExp(`#([${signs}]{${idLength + macLength}})(?![a-z0-9])`, 'i').exec(text.slice(0, 400))?.[1] ?? null;
