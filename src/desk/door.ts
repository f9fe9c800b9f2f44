// Proving who one is: at the door, and again before what cannot be undone. One check for both, so that
// guessing is slowed down and answered alike wherever it is tried: which of name, password and code was
// wrong, nobody learns.
import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { makeBucket } from '../http/bucket.ts';
import { html, type Safe } from '../http/html.ts';
import { accountSeal, hasFactor, secretOf, useStep } from '../store/factor.ts';
import { type Account, accountByLogin, foldLogin, provedAt, setProved } from '../store/people.ts';
import type { Desk } from './desk.ts';
import { fitsPassword, longest } from './password.ts';
import { readToken } from './session.ts';
import { secretBytes, stepOf } from './totp.ts';

/** How long a password counts for what has to be proved again. */
const provedFor = 10 * 60_000;

type Calm = (name: string, address: string, now: number) => boolean;
const counted = new WeakMap<Desk, Calm>();
/**
 * Tries are counted by address, by name at an address, and by name: whoever guesses from one place must not
 * shut the door for the owner at another, and whoever guesses from a hundred gets no more than a few tries.
 */
function calmOf(desk: Desk): Calm {
  const [address, both, name] = [makeBucket(30, 5_000), makeBucket(10, 30_000), makeBucket(60, 10_000)];
  const calm = counted.get(desk) ?? ((login, from, now) => address(from, now) && both(`${from} ${login}`, now) && name(login, now));
  counted.set(desk, calm);
  return calm;
}

export type Knock = Account | 'wrong' | 'slow';

/** The account these belong to. The same work is done for a name that does not exist and for one without a second factor. */
export async function knock(desk: Desk, login: string, password: string, code: string, address: string): Promise<Knock> {
  const now = desk.now().getTime();
  if (!calmOf(desk)(foldLogin(login), address, now)) return 'slow';
  const found = await accountByLogin(desk.keep, login);
  const own = await accountSeal(desk.keep, desk.seal);
  const secret = await secretOf(desk.keep, own, found?.account.id ?? '', 'factor');
  const fits = await fitsPassword(password, found?.password ?? null);
  const step = stepOf(secret ?? randomBytes(secretBytes), code, now);
  if (!fits || found === null || found.account.disabled) return 'wrong';
  if (secret !== null && (step === null || !(await useStep(desk.keep, found.account.id, step)))) return 'wrong';
  return found.account;
}

/** Whether this session gave its password in the last ten minutes. */
async function isFresh(desk: Desk, request: Request): Promise<boolean> {
  const token = readToken(desk, request);
  return token !== null && desk.now().getTime() - (await provedAt(desk.keep, token)) < provedFor;
}

/** Null when it is proved who asks; else the key of what to say. The password may come with the form itself. */
export async function proofLacking(desk: Desk, request: Request, account: Account): Promise<string | null> {
  if (await isFresh(desk, request)) return null;
  const password = typeof request.body?.password === 'string' ? request.body.password.slice(0, longest + 1) : '';
  if (password === '') return 'again.needed';
  const code = typeof request.body?.code === 'string' ? request.body.code : '';
  const who = await knock(desk, account.login, password, code, String(request.ip));
  if (typeof who === 'string') return who === 'slow' ? 'sign-in.slow' : 'again.wrong';
  const token = readToken(desk, request);
  if (token !== null) await setProved(desk.keep, token, desk.now().getTime());
  return null;
}

export const codeField = (label: string): Safe =>
  html`<label>${label} <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" dir="ltr"></label>`;

/** The fields of a form that has to be proved; none while the password is fresh. */
export async function proofFields(desk: Desk, request: Request, account: Account, lang: string): Promise<Safe | false> {
  if (await isFresh(desk, request)) return false;
  const text = (key: string) => desk.text(lang, key);
  return html`<p class="hint">${text('again.why')}</p>
<label>${text('again.password')} <input name="password" type="password" autocomplete="current-password" required maxlength="${longest}"></label>
${(await hasFactor(desk.keep, account.id)) && codeField(text('again.code'))}`;
}
