// The ways in and out: a single-use link makes an account, a password opens a session. Wrong name
// and wrong password get the same answer after the same work, and guessing is slowed down.
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import type { Role } from '../case/case.ts';
import { html } from '../http/html.ts';
import { appendAudit } from '../store/audit.ts';
import {
  addAccount,
  anyAccount,
  endSession,
  findInvitation,
  foldLogin,
  makeInvitation,
  startSession,
  useInvitation,
} from '../store/people.ts';
import { transact } from '../store/transact.ts';
import type { Desk } from './desk.ts';
import { codeField, knock } from './door.ts';
import { alert, page, send, sendError } from './layout.ts';
import { hashPassword, longest, shortest } from './password.ts';
import { dropToken, giveToken, guestLanguage, readToken } from './session.ts';
import { type Given, welcomePage } from './welcome-page.ts';

const credentials = z.object({
  login: z.string().trim().min(1).max(80),
  password: z.string().min(1).max(longest),
  code: z.string().max(20).default(''),
});

/** The roles of the first account, and those it may tick beside them, so that one person can begin. */
const firstRoles: readonly Role[] = ['administrator', 'supervisor'];
const alsoFirst = ['caseworker', 'protection'] as const satisfies readonly Role[];

const account = z.object({
  name: z.string().trim().min(1).max(60),
  login: z
    .string()
    .transform(foldLogin)
    .pipe(z.string().regex(/^[^\s<>"&]{3,60}$/)),
  password: z.string().min(shortest).max(longest),
  again: z.string(),
  language: z.string(),
  also: z.union([z.enum(alsoFirst), z.array(z.enum(alsoFirst))]).default([]),
});

/** The link printed at the first start. */
export async function makeSetUpLink(desk: Pick<Desk, 'keep' | 'publicUrl' | 'now'>): Promise<string | null> {
  if (await anyAccount(desk.keep)) return null;
  return `${desk.publicUrl}/desk/welcome/${await makeInvitation(desk.keep, firstRoles, desk.now().getTime())}`;
}

export function showSignIn(desk: Desk, response: Response, lang: string, status: number, problems: string[], login = '', kept = ''): void {
  const text = (key: string) => desk.text(lang, key);
  const body = html`<div class="narrow"><h1>${text('sign-in.title')}</h1>
${alert(problems)}
<form method="post" action="/desk/sign-in" class="stack">
<label>${text('sign-in.login')} <input name="login" value="${login}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="80" dir="auto"></label>
<label>${text('sign-in.password')} <input name="password" type="password" autocomplete="current-password" required maxlength="${longest}"></label>
${codeField(text('sign-in.code'))}
<button class="main">${text('sign-in.go')}</button>
</form>
<p class="hint">${text('sign-in.lost')}</p>
${kept !== '' && html`<label class="unsent">${text('reply.unsent')} <textarea rows="4" readonly dir="auto">${kept}</textarea></label>`}</div>`;
  send(response, status, page(desk, { lang, title: text('sign-in.title'), account: null, body }));
}

/** A new session, under a new name; the one this browser had before ends with it. */
async function begin(desk: Desk, request: Request, response: Response, id: string): Promise<void> {
  const now = desk.now().getTime();
  const old = readToken(desk, request);
  const token = await transact(desk.keep, async (tx) => {
    if (old !== null) await endSession(tx, old);
    await appendAudit(tx, desk.auditKey, { actor: id, action: 'session.started', subject: id, detail: '' }, now);
    return startSession(tx, id, now);
  });
  giveToken(desk, response, token);
  response.redirect(303, '/desk');
}

/** Mounts the routes that need no session. */
export function mountSignIn(desk: Desk, router: Router): void {
  const now = () => desk.now().getTime();

  router.get('/sign-in', (request, response) => showSignIn(desk, response, guestLanguage(desk, request), 200, []));

  router.post('/sign-in', async (request, response) => {
    const lang = guestLanguage(desk, request);
    const refuse = (status: number, key: string) => {
      desk.log.warn('desk.sign-in-refused', { status });
      showSignIn(desk, response, lang, status, [desk.text(lang, key)]);
    };
    const given = credentials.safeParse(request.body);
    if (!given.success) return refuse(401, 'sign-in.wrong');
    const { login, password, code } = given.data;
    const who = await knock(desk, login, password, code, String(request.ip));
    if (typeof who === 'string') return who === 'slow' ? refuse(429, 'sign-in.slow') : refuse(401, 'sign-in.wrong');
    await begin(desk, request, response, who.id);
  });

  router.post('/sign-out', async (request, response) => {
    const token = readToken(desk, request);
    if (token !== null) await endSession(desk.keep, token);
    dropToken(desk, response);
    response.set('Clear-Site-Data', '"cache", "cookies", "storage"');
    response.redirect(303, '/desk/sign-in');
  });

  const show = async (request: Request, response: Response, status: number, problems: string[], given?: Given) => {
    const token = String(request.params['token']);
    const invitation = await findInvitation(desk.keep, token, now());
    const lang = guestLanguage(desk, request);
    if (invitation === null) return sendError(desk, response, lang, null, 'not_found');
    const first = !(await anyAccount(desk.keep));
    send(response, status, welcomePage(desk, lang, { token, roles: invitation.roles, also: first ? alsoFirst : [], problems, given }));
  };
  router.get('/welcome/:token', (request, response) => show(request, response, 200, []));

  router.post('/welcome/:token', async (request, response) => {
    const lang = guestLanguage(desk, request);
    const token = String(request.params['token']);
    const parsed = account.safeParse(request.body);
    const problems = parsed.success
      ? [...(parsed.data.password === parsed.data.again ? [] : ['again'])]
      : [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
    const asked: Given = {
      name: String(request.body?.name ?? ''),
      login: String(request.body?.login ?? ''),
      language: String(request.body?.language ?? ''),
    };
    const words = (keys: string[]) => keys.map((key) => desk.text(lang, `welcome.wrong.${key}`));
    if (!parsed.success || problems.length > 0) return show(request, response, 422, words(problems), asked);
    const { name, login, language, also } = parsed.data;
    // The work of hashing is done only for somebody who holds a link.
    const invitation = await findInvitation(desk.keep, token, now());
    if (invitation === null) return sendError(desk, response, lang, null, 'not_found');
    const password = await hashPassword(parsed.data.password);
    const id = `a_${desk.newId()}`;
    const made = await transact(desk.keep, async (tx) => {
      const first = !(await anyAccount(tx));
      const roles = [...new Set<Role>([...invitation.roles, ...(first ? [also].flat() : [])])].sort();
      if (
        !(await addAccount(tx, { id, login, name, password, roles, language: desk.languages.includes(language) ? language : lang }, now()))
      )
        return 'taken';
      if (!(await useInvitation(tx, token, now(), first))) throw new Used();
      await appendAudit(tx, desk.auditKey, { actor: id, action: 'account.made', subject: id, detail: roles.join(' ') }, now());
      if (roles.includes('protection'))
        await appendAudit(tx, desk.auditKey, { actor: id, action: 'protection.granted', subject: id, detail: '' }, now());
      return 'made';
    }).catch((error: unknown) => {
      if (error instanceof Used) return 'used';
      throw error;
    });
    if (made === 'taken') return show(request, response, 422, words(['taken']), asked);
    if (made === 'used') return sendError(desk, response, lang, null, 'not_found');
    desk.log.info('desk.account-made');
    await begin(desk, request, response, id);
  });
}

/** Somebody else used the link a moment earlier. */
class Used extends Error {
  override name = 'Used';
}
