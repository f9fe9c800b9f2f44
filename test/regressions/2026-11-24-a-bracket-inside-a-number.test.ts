// The hours behind a telephone number stood in brackets, "1412 (24 ...": number, bracket and hours were taken for
// one run, and an Arabic screen showed "24) 1412". Whoever is hurt would have called another number.
import { expect, it } from 'vitest';
import { directed } from '../../src/text/directed.ts';

it('a person who reads Arabic sees a number whole, and what stands in brackets after it apart', () => {
  expect(directed('الطوارئ: 1412 (24 ساعة)', 'rtl')).toBe('الطوارئ: \u20681412\u2069 (\u206824\u2069 ساعة)');
  expect(directed('خط +218 91 (24 ساعة)', 'rtl')).toBe('خط \u2068+218 91\u2069 (\u206824\u2069 ساعة)');
});

it('and brackets that are closed within a number stay in it', () => {
  expect(directed('رقم +44 (0) 20 1234', 'rtl')).toBe('رقم \u2068+44 (0) 20 1234\u2069');
});
