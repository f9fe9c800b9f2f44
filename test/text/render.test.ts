import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { split } from '../../src/text/render.ts';
import { makeTalk } from '../support/talk.ts';
import { toGate, walkTo } from '../support/ways.ts';

describe('a long text', () => {
  it('is never cut, only divided', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 })), fc.integer({ min: 20, max: 60 }), (parts, most) => {
        const text = parts.map((part) => part.replace(/\s+/g, 'x')).join(' ');
        const divided = split(text, most);
        for (const part of divided) expect(part.length).toBeLessThanOrEqual(most);
        expect(divided.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const part of divided) expect(part).not.toMatch(/[\ud800-\udbff]$|^[\udc00-\udfff]/);
      }),
    );
  });
});

describe('a phone without buttons', () => {
  it('shows numbers, and how to reach a person and go back', async () => {
    const talk = await makeTalk({ choices: 'numbers' });
    await walkTo(talk, toGate);
    expect(talk.last()?.text).toMatch(/1 {2}Me\n2 {2}Me with my family[\s\S]*9: a person\. 0: back/);
    await talk.says('١');
    expect(talk.last()?.text).toContain('18 or older');
    await talk.says('0');
    expect(talk.last()?.text).toContain('Who needs help?');
    await talk.says('9');
    expect(talk.answer()).toContain('UNHCR');
  });
});

describe('a phone with buttons', () => {
  it('shows the chosen answer in place of the buttons', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toGate);
    await talk.taps('family');
    expect(talk.last()?.lock).toBe('Me with my family');
  });

  it('marks several choices in place until they are done', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toGate, 'me', 'adult', 'home', 'no', 'no', 'me', 'no', 'yes', 'iq', 'one', 'baby']);
    expect(talk.last()?.replaces).toBe(true);
    expect(talk.labels()).toContain('✅ Baby');
    await talk.taps('none');
    expect(talk.labels()).not.toContain('✅ Baby');
    await talk.taps('health');
    expect(talk.labels().filter((label) => label.startsWith('✅'))).toEqual(['✅ Health problem']);
  });
});
