// A proof that was skipped must never look like a proof that was given.
import { expect, it } from 'vitest';
import { lacks } from '../support/parts.ts';

it('a suite runs where its part is there', () => {
  expect(lacks('chromium', '/usr/bin/chromium', false)).toBe(false);
  expect(lacks('chromium', '/usr/bin/chromium', true)).toBe(false);
});

it('a suite without its part is skipped', () => {
  expect(lacks('chromium', null, false)).toBe(true);
});

it('a suite without its part fails where every part is required', () => {
  expect(() => lacks('chromium', null, true)).toThrow(/chromium is required/);
});
