// The forms of the case page. Each does one thing and leads back to the page; what could not be done
// is said there, and what was typed is still in its box.
import type { Request, Response } from 'express';
import { z } from 'zod';
import { closeReasons } from '../case/case.ts';
import { revealReasons } from '../case/queue.ts';
import { type ProblemCode, statusOf } from '../http/problem.ts';
import type { Account } from '../store/people.ts';
import * as act from './act.ts';
import { casePage } from './case-page.ts';
import type { Draft } from './case-view.ts';
import type { Desk } from './desk.ts';
import { send, sendError } from './layout.ts';
import { openWhole } from './look.ts';
import { actorOf, languageOf } from './session.ts';
import { phoneItem, slug } from './words.ts';

type Post = (desk: Desk, request: Request, response: Response, account: Account) => Promise<void>;

const once = z.string().regex(/^[0-9a-z]{8,64}$/);
// A form sends line ends as CR LF; the person should get what was typed.
const text = z
  .string()
  .transform((words) => words.replace(/\r\n/g, '\n').trim())
  .pipe(z.string().min(1).max(4096));
const words = z.object({ text, once });
const closing = z.object({ reason: z.enum(closeReasons) });
const revealing = z.object({ reason: z.enum(revealReasons) });
const appointing = z
  .object({
    confirmed: z.union([z.string(), z.array(z.string())]).default([]),
    wishes: z.enum(['kept', 'not-kept']),
    text: z.string().max(4096),
  })
  .refine((form) => form.wishes === 'kept' || form.text.trim() !== '', 'an unkept wish needs a note');

const idOf = (request: Request) => String(request.params['id']);
const typed = (request: Request) => String(request.body?.text ?? '').slice(0, 4096);

type Shown = { code?: act.Refusal['code']; who?: string | null | undefined; draft?: Draft; phone?: string };

/** The case page, with what went wrong on top. */
export async function showCase(desk: Desk, request: Request, response: Response, account: Account, shown: Shown = {}): Promise<void> {
  const lang = languageOf(desk, account);
  const whole = shown.code === 'not_found' ? null : await openWhole(desk, idOf(request), actorOf(account));
  if (whole === null) return sendError(desk, response, lang, account, 'not_found');
  const { code, who, draft, phone } = shown;
  const problem =
    code === undefined ? [] : [who ? desk.text(lang, 'problem.claimed-by', { name: who }) : desk.text(lang, `problem.${slug(code)}`)];
  const status = code === undefined ? 200 : statusOf(code satisfies ProblemCode);
  send(response, status, casePage(desk, { whole, account, problems: problem, draft, phone }));
}

/** Back to the page, or the page with the reason why not. */
async function end(
  desk: Desk,
  request: Request,
  response: Response,
  account: Account,
  result: act.Acted | act.Refusal,
  to: string,
  draft?: Draft,
) {
  if (result.ok) return response.redirect(303, to);
  const { code, who } = result;
  await showCase(desk, request, response, account, { code, who, ...(draft && { draft }) });
}

export const claim: Post = async (desk, request, response, account) => {
  const result = await act.claimCase(desk, idOf(request), actorOf(account));
  await end(desk, request, response, account, result, `/desk/cases/${idOf(request)}`);
};

export const release: Post = async (desk, request, response, account) => {
  const result = await act.releaseCase(desk, idOf(request), actorOf(account));
  await end(desk, request, response, account, result, '/desk');
};

/** A form sent twice, by a double click or the back button, is one reply. */
function written(form: 'reply' | 'note', verb: typeof act.replyTo, to: string): Post {
  return async (desk, request, response, account) => {
    const draft: Draft = { form, text: typed(request) };
    const given = words.safeParse(request.body);
    if (!given.success) return showCase(desk, request, response, account, { code: 'invalid', draft });
    const how = { version: null, once: { key: given.data.once, body: given.data.text } };
    const result = await verb(desk, idOf(request), actorOf(account), given.data.text, how);
    await end(desk, request, response, account, result, `/desk/cases/${idOf(request)}#${to}`, draft);
  };
}
export const reply = written('reply', act.replyTo, 'reply');
export const note = written('note', act.noteOn, 'notes');

export const reveal: Post = async (desk, request, response, account) => {
  const given = revealing.safeParse(request.body);
  if (!given.success) return showCase(desk, request, response, account, { code: 'invalid' });
  const id = idOf(request);
  const result = await act.revealPhone(desk, id, actorOf(account), given.data.reason);
  if (!result.ok) return showCase(desk, request, response, account, { code: result.code, who: result.who });
  const whole = await openWhole(desk, id, actorOf(account));
  const phone = whole?.content?.answers[phoneItem];
  // Shown in this answer alone: no address leads to it, and reading the page again hides it.
  await showCase(desk, request, response, account, typeof phone === 'string' ? { phone } : {});
};

export const appoint: Post = async (desk, request, response, account) => {
  const draft: Draft = { form: 'appoint', text: typed(request) };
  const given = appointing.safeParse(request.body);
  if (!given.success) return showCase(desk, request, response, account, { code: 'invalid', draft });
  const { confirmed, text: noted } = given.data;
  const why = noted.trim() === '' ? null : noted.trim();
  const result = await act.appointCase(desk, idOf(request), actorOf(account), [confirmed].flat(), why);
  await end(desk, request, response, account, result, `/desk/cases/${idOf(request)}`, draft);
};

export const missed: Post = async (desk, request, response, account) => {
  const result = await act.appointmentMissed(desk, idOf(request), actorOf(account));
  await end(desk, request, response, account, result, `/desk/cases/${idOf(request)}`);
};

export const close: Post = async (desk, request, response, account) => {
  const given = closing.safeParse(request.body);
  if (!given.success) return showCase(desk, request, response, account, { code: 'invalid' });
  const result = await act.closeCase(desk, idOf(request), actorOf(account), given.data.reason);
  await end(desk, request, response, account, result, `/desk/cases/${idOf(request)}`);
};
