// Marked words that must stand nowhere in the open: searched in every form in which a program might
// have written them down.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The word as it is, in the wide form, in hex, in an address, escaped in JSON, and in base64 at any offset. */
export function formsOf(word: string): Buffer[] {
  const plain = Buffer.from(word, 'utf8');
  const escaped = [...word].map((sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join('');
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), plain]).toString('base64');
    // The first and last signs depend on the neighbours.
    return whole.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + plain.length) * 8) / 6));
  });
  const texts = [
    plain.toString('hex'),
    encodeURIComponent(word),
    escaped,
    ...base64,
    ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [plain, Buffer.from(word, 'utf16le'), ...texts.map((text) => Buffer.from(text))];
}

/** Every file below a folder, with what is in it. */
export function filesBelow(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return new Map(files.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path)]));
}

/** Which words stand where. */
export function traces(words: Record<string, string>, places: Map<string, Buffer>): string[] {
  const found: string[] = [];
  for (const [place, bytes] of places)
    for (const [name, word] of Object.entries(words))
      if (formsOf(word).some((form) => bytes.includes(form))) found.push(`${name} in ${place}`);
  return found;
}
