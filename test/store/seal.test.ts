import { describe, expect, it } from 'vitest';
import { ownKey } from '../../src/store/keep.ts';
import { makeIndex, makeSeal } from '../../src/store/seal.ts';
import { emptyKeep } from '../support/keeps.ts';

const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const place = { table: 'cases', row: 'c_1', field: 'sealed' };

describe('a sealed value', () => {
  it('begins with the id of its key and says nothing else', () => {
    const sealed = makeSeal([old]).seal('a person from Minsk', place);
    expect(sealed).toMatch(/^[0-9a-f]{8}\.[A-Za-z0-9+/=]+$/);
    expect(Buffer.from(sealed.slice(9), 'base64').toString('latin1')).not.toContain('Minsk');
  });

  it.each([
    ['table', { ...place, table: 'notes' }],
    ['row', { ...place, row: 'c_2' }],
    ['field', { ...place, field: 'other' }],
  ])('opens in no other %s', (_, other) => {
    const seal = makeSeal([old]);
    expect(() => seal.open(seal.seal('x', place), other)).toThrow();
  });

  it('opens with the former key while keys are changed, and not without it', () => {
    const sealed = makeSeal([old]).seal('x', place);
    expect(makeSeal([fresh, old]).open(sealed, place)).toBe('x');
    expect(() => makeSeal([fresh]).open(sealed, place)).toThrow();
  });

  it('does not open when one byte was changed', () => {
    const seal = makeSeal([old]);
    const bytes = Buffer.from(seal.seal('hello', place).slice(9), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const spoiled = `${seal.seal('hello', place).slice(0, 9)}${bytes.toString('base64')}`;
    expect(() => seal.open(spoiled, place)).toThrow();
  });

  it('an index is the same for the same person and different under another key', () => {
    expect(makeIndex(old)('web', 'a')).toBe(makeIndex(old)('web', 'a'));
    expect(makeIndex(old)('web', 'a')).not.toBe(makeIndex(fresh)('web', 'a'));
    expect(makeIndex(old)('we', 'ba')).not.toBe(makeIndex(old)('web', 'a'));
  });

  it('own keys are made once and found again, also by two at the same time', async () => {
    const keep = await emptyKeep();
    const seal = makeSeal([old]);
    const [a, b] = await Promise.all([ownKey(keep, seal, 'index'), ownKey(keep, seal, 'index')]);
    expect(a).toEqual(b);
    expect(await ownKey(keep, seal, 'audit')).not.toEqual(a);
    await keep.destroy();
  });
});
