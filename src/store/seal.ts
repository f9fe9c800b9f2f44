// All cryptography of stored values: sealing, wrapped keys, blind indexes, derived keys. A sealed value
// begins with the id of its key and is bound to its table, row and field, so it opens nowhere else.
import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';

/** Where a value lives. */
export type Place = { table: string; row: string; field: string };

export type Seal = {
  /** `kid.base64` of AES-256-GCM with a fresh 12-byte IV. */
  seal(plain: string, place: Place): string;
  /** The words again; throws when key, place or bytes do not fit. */
  open(sealed: string, place: Place): string;
  /** Whether this value was sealed by a key of this seal. */
  owns(sealed: string): boolean;
  /** Id of the key that seals. */
  kid: string;
};

/** Thrown when a value cannot be opened: wrong key, wrong place, or changed bytes. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

const bytesOf = (place: Place) => Buffer.from(JSON.stringify([1, place.table, place.row, place.field]));
/** A key given as bytes is unpacked anew at each use, which takes longer than what it is used for. */
const secret = (bytes: ArrayBuffer | Buffer) => createSecretKey(Buffer.from(bytes as ArrayBuffer));
const kidOf = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** Fresh random bytes, drawn many at a time: asking for twelve costs as much as asking for a thousand. */
function makeDraw(length: number): () => Buffer {
  let pool = Buffer.alloc(0);
  return () => {
    if (pool.length < length) pool = randomBytes(length * 100);
    const drawn = pool.subarray(0, length);
    pool = pool.subarray(length);
    return drawn;
  };
}

const drawIv = makeDraw(12);

/** `keys`: 32 bytes each; the first seals, all open. */
export function makeSeal(keys: Buffer[]): Seal {
  const ring = keys.map((key) => ({ kid: kidOf(key), key: secret(hkdfSync('sha256', key, '', 'avr-bot seal 1', 32)) }));
  const [first] = ring;
  if (first === undefined) throw new Error('a seal needs a key');
  const keyFor = (sealed: string) => ring.find((one) => sealed.startsWith(`${one.kid}.`))?.key;
  return {
    kid: first.kid,
    owns: (sealed) => keyFor(sealed) !== undefined,
    seal(plain, place) {
      const iv = drawIv();
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(bytesOf(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${first.kid}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`;
    },
    open(sealed, place) {
      const key = keyFor(sealed);
      if (key === undefined) throw new SealBroken('sealed with a key that is not here');
      const bytes = Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64');
      if (bytes.length < 28) throw new SealBroken('a sealed value is cut short');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(bytesOf(place));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        throw new SealBroken('a sealed value does not fit its place or was changed');
      }
    },
  };
}

/** 32 random bytes, sealed: the form in which a key of our own is stored. */
export const freshWrapped = (seal: Seal, place: Place): string => seal.seal(randomBytes(32).toString('base64'), place);

export const unwrapped = (seal: Seal, wrapped: string, place: Place): Buffer => Buffer.from(seal.open(wrapped, place), 'base64');

/** Keyed hash, hex: the same input gives the same index, and nobody without the key can try inputs. */
export function makeIndex(key: Buffer): (...parts: string[]) => string {
  const own = secret(key);
  return (...parts) => createHmac('sha256', own).update(JSON.stringify(parts)).digest('hex');
}
