// Outside case systems at the desk: an administrator's pages, without a script.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/store/audit.ts';
import { findEndpoint, listEndpoints, secretsNow } from '../../src/store/endpoints.ts';
import { opened, startDesk, type TestDesk } from '../support/desk.ts';
import { courierOn, states } from '../support/outside.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';

let on: TestDesk;
let receiver: Receiver;
let cookie: string;
beforeEach(async () => {
  on = await startDesk();
  receiver = await startReceiver({ now: () => on.clock.now });
  ({ cookie } = await on.signedIn('Admin', ['administrator']));
});
afterEach(async () => {
  await receiver.stop();
  await on.stop();
});

const form = (change: Record<string, string | string[]> = {}) => ({
  name: 'Cases of ours',
  organisation: 'own',
  url: receiver.url,
  types: ['case.opened', 'case.closed'],
  accepts: ['case.claimed'],
  payload: 'thin',
  language: 'en',
  ...change,
});
const add = async (change = {}) => {
  const answer = await on.post('/desk/endpoints/add', cookie, form(change));
  return { status: answer.status, body: await answer.text() };
};
const page = async (path: string) => (await on.get(path, cookie)).text();
const only = async () => {
  const [one] = await listEndpoints(on.desk.keep, on.desk.seal);
  if (one === undefined) throw new Error('no endpoint');
  return one;
};
const act = (id: string, name: string, body = {}) => on.post(`/desk/endpoints/${id}/${name}`, cookie, body);

describe('an administrator', () => {
  it('adds one, sees its secret and token once, tests it, and sees that it arrived', async () => {
    const { status, body } = await add();
    const secret = /whsec_[A-Za-z0-9+/=]+/.exec(body)?.[0] ?? '';
    const token = /avr_[\w-]+/.exec(body)?.[0] ?? '';
    const { id } = await only();
    expect([status, secret.length > 40, token.length > 40]).toEqual([200, true, true]);
    expect(body).toContain(`${on.base}/hooks/in/${id}`);
    receiver.state.secrets = [secret];
    expect((await act(id, 'test')).headers.get('location')).toBe(`/desk/endpoints/${id}`);
    const by = courierOn(on);
    await by.round();
    await by.stop();
    expect(receiver.effects.map((one) => one.type)).toEqual(['endpoint.test']);
    const shown = await page(`/desk/endpoints/${id}`);
    expect(shown).toContain('endpoint.test');
    expect(shown).toContain('delivered');
    for (const text of [shown, await page('/desk/endpoints')]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(token);
      expect(text).not.toContain('<script');
    }
    expect((await on.api('GET', '/events', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('makes a new secret: for two days events carry both signatures', async () => {
    await add();
    const before = await only();
    const body = await (await act(before.id, 'rotate')).text();
    const fresh = /whsec_[A-Za-z0-9+/=]+/.exec(body)?.[0] ?? '';
    expect(body).not.toContain('avr_');
    const [old] = secretsNow(before, on.clock.now);
    expect(secretsNow(await only(), on.clock.now)).toEqual([fresh, old]);
    for (const secret of [fresh, old ?? '']) {
      receiver.state.secrets = [secret];
      await act(before.id, 'test');
      const by = courierOn(on);
      await by.round();
      await by.stop();
    }
    expect([receiver.effects.length, receiver.state.refused]).toEqual([2, 0]);
    on.clock.now += 48 * 3_600_000;
    expect(secretsNow(await only(), on.clock.now)).toEqual([fresh]);
  });

  it('pauses it, turns it on, sends again, removes it, and each act is a line in the log', async () => {
    await add();
    const { id, secrets } = await only();
    receiver.state.secrets = [secrets[0]?.value ?? ''];
    await on.hook(opened('c_8f31'));
    await act(id, 'pause');
    const by = courierOn(on);
    await by.round();
    expect(await states(on, id)).toEqual({ waiting: 1 });
    expect(await page('/desk/endpoints')).toContain('Waiting: 1. Given up: 0.');
    await act(id, 'resume');
    await by.round();
    await act(id, 'replay', { which: 'day' });
    await by.round();
    expect([receiver.state.requests, receiver.effects.length]).toEqual([2, 1]);
    await by.stop();
    await act(id, 'remove');
    expect(await findEndpoint(on.desk.keep, on.desk.seal, id)).toBeNull();
    expect(await states(on, id)).toEqual({});
    const log = await on.desk.keep.selectFrom('audit').select(['actor', 'action']).where('subject', '=', id).orderBy('seq').execute();
    expect(log.map((row) => row.action)).toEqual([
      'endpoint.made',
      'endpoint.paused',
      'endpoint.resumed',
      'endpoint.replayed',
      'endpoint.removed',
    ]);
    expect((await verifyAudit(on.desk.keep, on.desk.auditKey)).ok).toBe(true);
    expect((await on.get(`/desk/endpoints/${id}`, cookie)).headers.get('location')).toBe('/desk/endpoints');
  });

  it('sees since when one takes nothing, in words', async () => {
    await add();
    const { id, secrets } = await only();
    receiver.state.secrets = [secrets[0]?.value ?? ''];
    receiver.state.behave = 500;
    await on.hook(opened('c_8f31'));
    const by = courierOn(on);
    await by.pass(600_000, 10_000);
    await by.stop();
    const shown = await page(`/desk/endpoints/${id}`);
    expect(shown).toContain('Has taken nothing for 10 min.');
    expect(shown).toContain('does not answer; tried every minute');
  });

  it.for<[string, Record<string, string | string[]>, string]>([
    ['no name', { name: ' ' }, 'A name is missing.'],
    ['a private address', { url: 'https://192.168.1.1/' }, 'The address must be a name, not a number.'],
    ['the address of the machine’s own data', { url: 'http://169.254.169.254/' }, 'The address must begin with https.'],
    ['no address at all', { url: 'hello' }, 'The address cannot be read.'],
    ['an organisation that is none', { organisation: 'UN & Co' }, 'short name of small letters'],
    ['full payload for the own organisation', { payload: 'full' }, 'Full is for other organisations'],
    ['protection for others', { organisation: 'unhcr', protection: 'yes' }, 'Protection requests never go'],
    ['an event nobody knows', { types: ['case.danced'] }, 'One of the events is unknown.'],
    ['a language nobody has', { language: 'xx' }, 'Choose a language.'],
  ])('cannot add one with %s, and what was typed stays', async ([, change, says]) => {
    const { status, body } = await add(change);
    expect(status).toBe(422);
    expect(body).toContain(says);
    if (change['name'] === undefined) expect(body).toContain('Cases of ours');
    expect(await listEndpoints(on.desk.keep, on.desk.seal)).toEqual([]);
  });

  it('adds one that fetches, without any address', async () => {
    expect((await add({ url: '' })).status).toBe(200);
    const { id } = await only();
    await on.hook(opened('c_8f31'));
    expect(await states(on, id)).toEqual({ kept: 1 });
    expect(await page(`/desk/endpoints/${id}`)).toContain('to be fetched');
  });
});

describe('in French', () => {
  it('every text is there', async () => {
    ({ cookie } = await on.signedIn('Chef', ['administrator'], 'fr'));
    await add();
    const { id } = await only();
    expect(await page('/desk/endpoints')).toContain('Autres systèmes');
    expect(await page(`/desk/endpoints/${id}`)).toContain('Renvoyer des événements');
  });
});
