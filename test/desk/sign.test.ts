// Our forty lines against the public library, both ways, and everything that must not fit.
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { sign, verify } from '../../src/handoff/sign.ts';

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const [one, two, three] = [secretOf(1), secretOf(2), secretOf(3)];
// The library reads the clock itself, so the time here is the real one.
const now = Date.now();
const body = JSON.stringify({ type: 'case.opened', text: 'سلام 🌍 é' });

const fits = (headers: Record<string, string>, given = body, at = now, secrets = [one]) => verify(secrets, headers, Buffer.from(given), at);
const library = (secret: string, headers: Record<string, string>, given = body) => {
  try {
    new Webhook(secret).verify(given, headers);
    return true;
  } catch {
    return false;
  }
};

describe('a signature', () => {
  it('of ours fits for the library, whatever the body', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(library(one, { ...sign([one], 'msg_1', Buffer.from(text), now) }, text)).toBe(true);
      }),
    );
  });

  it('of the library fits for us', () => {
    const at = new Date(Math.floor(now / 1000) * 1000);
    const headers = {
      'webhook-id': 'msg_2',
      'webhook-timestamp': String(at.getTime() / 1000),
      'webhook-signature': new Webhook(one).sign('msg_2', at, body),
    };
    expect(fits(headers)).toBe('msg_2');
  });

  it('of two secrets fits for either side of a rotation', () => {
    const headers = { ...sign([two, one], 'msg_3', Buffer.from(body), now) };
    expect([fits(headers), fits(headers, body, now, [two]), fits(headers, body, now, [three])]).toEqual(['msg_3', 'msg_3', null]);
    expect([library(one, headers), library(two, headers), library(three, headers)]).toEqual([true, true, false]);
  });
});

describe('nothing fits', () => {
  const good = { ...sign([one], 'msg_4', Buffer.from(body), now) };
  const signature = good['webhook-signature'];
  it.for<[string, Record<string, string>, string?, number?]>([
    ['another body', good, `${body} `],
    ['another id', { ...good, 'webhook-id': 'msg_5' }],
    ['another time', { ...good, 'webhook-timestamp': String(Math.floor(now / 1000) - 1) }],
    ['six minutes late', good, body, now + 360_000],
    ['six minutes early', good, body, now - 360_000],
    ['no signature', { 'webhook-id': 'msg_4', 'webhook-timestamp': good['webhook-timestamp'] }],
    ['an empty signature', { ...good, 'webhook-signature': '' }],
    ['another version', { ...good, 'webhook-signature': signature.replace('v1,', 'v2,') }],
    ['a shortened signature', { ...good, 'webhook-signature': signature.slice(0, -8) }],
    ['a signature without its version', { ...good, 'webhook-signature': signature.slice(3) }],
    ['a time that is no number', { ...good, 'webhook-timestamp': 'now' }],
    ['an id with dots', { ...sign([one], 'a.b', Buffer.from(body), now) }],
    ['a foreign secret', { ...sign([two], 'msg_4', Buffer.from(body), now) }],
  ])('with %s', ([, headers, text, at]) => {
    expect(fits(headers, text ?? body, at ?? now)).toBeNull();
  });
});
