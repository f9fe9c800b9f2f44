// Who is signed in, by a cookie that holds a random token and nothing else.
import type { Request, Response } from 'express';
import type { Actor } from '../case/case.ts';
import { type Account, findSession } from '../store/people.ts';
import type { Desk } from './desk.ts';

/** Browsers keep `Secure` cookies only over TLS, so plain http on the own machine goes without. */
const secure = (desk: Desk) => desk.publicUrl.startsWith('https:');
const cookieName = (desk: Desk) => (secure(desk) ? '__Host-desk' : 'desk');
const flags = (desk: Desk) => ({ httpOnly: true, sameSite: 'strict', secure: secure(desk), path: '/' }) as const;

export function readToken(desk: Desk, request: Request): string | null {
  const start = `${cookieName(desk)}=`;
  const part = (request.get('cookie') ?? '').split(';').find((one) => one.trim().startsWith(start));
  const token = part?.trim().slice(start.length);
  return token !== undefined && /^[\w-]{20,100}$/.test(token) ? token : null;
}

export const giveToken = (desk: Desk, response: Response, token: string) => response.cookie(cookieName(desk), token, flags(desk));
export const dropToken = (desk: Desk, response: Response) => response.clearCookie(cookieName(desk), flags(desk));

export async function whoIs(desk: Desk, request: Request): Promise<Account | null> {
  const token = readToken(desk, request);
  // What a page fetches by itself is no sign that somebody is there.
  const awake = request.get('x-live') === undefined && request.path !== '/live';
  return token === null ? null : findSession(desk.keep, token, desk.now().getTime(), awake);
}

export const actorOf = (account: Account): Actor => ({
  id: account.id,
  by: 'staff',
  roles: account.roles,
  bound: true,
  offices: account.offices,
});

/** The language of a page for somebody not signed in. */
export function guestLanguage(desk: Desk, request: Request): string {
  const fit = request.acceptsLanguages(...desk.languages);
  return typeof fit === 'string' ? fit : (desk.languages[0] ?? 'en');
}

export const languageOf = (desk: Desk, account: Account): string =>
  desk.languages.includes(account.language) ? account.language : (desk.languages[0] ?? 'en');
