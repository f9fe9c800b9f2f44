// All cryptography of stored values: sealing, blind indexes, derived keys. A sealed value begins
// with the id of its key and is bound to its table, row and field, so it opens nowhere else.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Where a value lives. */
export type Place = { table: string; row: string; field: string };

export type Seal = {
  /** `kid.base64` of AES-256-GCM with a fresh 12-byte IV. */
  seal(plain: string, place: Place): string;
  /** The words again; throws when key, place or bytes do not fit. */
  open(sealed: string, place: Place): string;
};

const bytesOf = (place: Place) => Buffer.from(JSON.stringify([1, place.table, place.row, place.field]));

/** `keys`: 32 bytes each; the first seals, all open. */
export function makeSeal(keys: Buffer[]): Seal {
  const ring = keys.map((key) => ({
    kid: createHash('sha256').update(key).digest('hex').slice(0, 8),
    key: Buffer.from(hkdfSync('sha256', key, '', 'avr-bot seal 1', 32)),
  }));
  const [first] = ring;
  if (first === undefined) throw new Error('a seal needs a key');
  return {
    seal(plain, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(bytesOf(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${first.kid}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`;
    },
    open(sealed, place) {
      const dot = sealed.indexOf('.');
      const key = ring.find((one) => one.kid === sealed.slice(0, dot))?.key;
      if (key === undefined) throw new Error('sealed with a key that is not here');
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(bytesOf(place));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}

/** Keyed hash, hex: the same input gives the same index, and nobody without the key can try inputs. */
export function makeIndex(key: Buffer): (...parts: string[]) => string {
  return (...parts) => createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');
}
