// What no tracked file may hold, as SHA-256 only: mailboxes, telephone numbers (whole, and their last nine digits)
// and names from the end of a source document, and the name of the family it tells of.
import { createHash } from 'node:crypto';

const hashes = new Set([
  '128089ce080356bbd6c6fe2b50948cefc7baae18efaf68b76dd13540c3e754db',
  '1abed5ecd5546cd9e7e1fc48c165742adb71b031b40ff3d2e98b7262132c0c7e',
  '41e8b2fa7fed8be10d05e1b4dfc8d523a94711e5217c5f98e8c331e288778425',
  '42896f03ef7037021c3e066c58b00539928d4a30fdf5997269c29062599bc2dd',
  '6aa2179a62ac9f994d1be51a771bb9c46427073f699de052f1899798de0fdee9',
  '7a2b62595486b9575f8be388615d9f8ee63d637f3ddf66345c0c11f6dade852c',
  '7c0f22e3b63ce1a3bd808667e3de54b739f2a7dc7dce05975565b5416eb3dc24',
  '832b9cac9d382f9466af7a81f8e970260f828d5adcf456c3225e9e30697ccf93',
  '938fcf47aff903efb4361890b9059e8895dd81f89527e908562aeb1a640f412d',
  '97c75aadb44713627efc09f626b5c45c81590e0cb4bc6bdc8b4dee51d5c1f304',
  'a0ae2ace8630957aeed958fc8f19f77edcaa1d674b4ff2d2eda323e2d96f4bf4',
  'b530277dc0d576ae10dcd7dd5f7be4a413e9c7666083d22db00943b5b6f98734',
  'cb12695ce16a467f20f26b1f11313c643894f4d87f4c47a9c622f267f21874b2',
  'dec13f57d472111dd0597fe2716ca0aae2c6f3790c0b90ef218a5600cacd7bd0',
]);

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** Hashes of every mailbox, every long run of digits and every word of a text, each once. */
export function tokensOf(text: string): string[] {
  const mailboxes = (text.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? []).map((one) => one.toLowerCase().replace(/^[.+-]+/, ''));
  const numbers = (text.match(/\d(?:[\s().-]{0,2}\d){8,}/g) ?? []).flatMap((one) => {
    const digits = one.replace(/\D/g, '');
    return digits.length > 20 ? [] : [digits, digits.slice(-9)];
  });
  const words = text.toLowerCase().match(/\p{L}{4,20}/gu) ?? [];
  return [...new Set([...mailboxes, ...numbers, ...words])].map(hash);
}

/** How many of these must not be there. */
export const denied = (tokens: string[]): number => tokens.filter((one) => hashes.has(one)).length;
