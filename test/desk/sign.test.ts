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

// The cases of the standard's own reference tests, with their id, time and body.
describe('the vectors of Standard Webhooks', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const at = 1_614_265_330;
  const payload = '{"test": 2432232314}';
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  const headers = { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': String(at), 'webhook-signature': signature };
  const verified = (change: Record<string, string | undefined> = {}, seconds = at) =>
    verify([secret], { ...headers, ...change }, Buffer.from(payload), seconds * 1000);

  it('are signed and verified as the standard does', () => {
    expect(sign([secret], headers['webhook-id'], Buffer.from(payload), at * 1000)).toEqual(headers);
    expect(verified()).toBe(headers['webhook-id']);
    const others = ['v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=', 'v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc='];
    expect(verified({ 'webhook-signature': [...others, signature, ...others].join(' ') })).toBe(headers['webhook-id']);
  });

  it.for<[string, Record<string, string | undefined>, number?]>([
    ['a missing id', { 'webhook-id': undefined }],
    ['a missing time', { 'webhook-timestamp': undefined }],
    ['a missing signature', { 'webhook-signature': undefined }],
    ['a time that is no number', { 'webhook-timestamp': 'hello' }],
    ['a time too old', {}, at + 5 * 60 + 1],
    ['a time too new', {}, at - 5 * 60 - 1],
    ['an invalid signature', { 'webhook-signature': 'v1,dawfeoifkpqwoekfpqoekf' }],
    ['a version and nothing after it', { 'webhook-signature': 'v1,' }],
    ['no version', { 'webhook-signature': signature.slice(3) }],
    ['half a signature', { 'webhook-signature': signature.slice(0, 8) }],
    ['only signatures of others', { 'webhook-signature': 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=' }],
  ])('with %s are refused', ([, change, seconds]) => {
    expect(verified(change, seconds)).toBeNull();
  });
});
