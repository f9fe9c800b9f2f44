// The forms of the case page that say something or change hands. Each does one thing and leads back to
// the page; what could not be done is said there, and what was typed is still in its box.
import type { Request, Response } from 'express';
import { z } from 'zod';
import { closeReasons } from '../case/case.ts';
import { revealReasons } from '../case/queue.ts';
import { type ProblemCode, statusOf } from '../http/problem.ts';
import type { Account } from '../store/people.ts';
import * as act from './act.ts';
import { appointmentMissed } from './act-record.ts';
import { cannedReplies } from './canned.ts';
import { casePage } from './case-page.ts';
import type { Draft } from './case-view.ts';
import type { Desk } from './desk.ts';
import { send, sendError } from './layout.ts';
import { openWhole } from './look.ts';
import { actorOf, languageOf } from './session.ts';
import { phoneItem, slug } from './words.ts';

export type Post = (desk: Desk, request: Request, response: Response, account: Account) => Promise<void>;

const once = z.string().regex(/^[0-9a-z]{8,64}$/);
// A form sends line ends as CR LF; the person should get what was typed.
const text = z
  .string()
  .transform((words) => words.replace(/\r\n/g, '\n').trim())
  .pipe(z.string().min(1).max(4096));
const answering = z.object({ text, once, now: z.literal('yes').optional() });
const noting = z.object({ text, once, restricted: z.literal('yes').optional() });
const closing = z.object({ reason: z.enum(closeReasons) });
const revealing = z.object({ reason: z.enum(revealReasons) });

export const idOf = (request: Request) => String(request.params['id']);

const longest = 4096;
const cut = (value: unknown) => (typeof value === 'string' ? value.slice(0, longest) : '');
/** What was typed into a form, to be shown in it again. */
export const draftOf = (form: string, request: Request): Draft => ({
  form,
  fields: Object.fromEntries(
    Object.entries((request.body ?? {}) as Record<string, unknown>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(cut) : cut(value),
    ]),
  ),
});

type Shown = { code?: act.Refusal['code']; who?: string | null | undefined; why?: string | undefined; draft?: Draft; phone?: string };

/** The case page, with what went wrong on top. */
export async function showCase(desk: Desk, request: Request, response: Response, account: Account, shown: Shown = {}): Promise<void> {
  const lang = languageOf(desk, account);
  const whole = shown.code === 'not_found' ? null : await openWhole(desk, idOf(request), actorOf(account));
  if (whole === null) return sendError(desk, response, lang, account, 'not_found');
  const { code, who, why, draft, phone } = shown;
  const problems =
    code === undefined
      ? []
      : [who ? desk.text(lang, 'problem.claimed-by', { name: who }) : desk.text(lang, `problem.${why ?? slug(code)}`)];
  const status = code === undefined ? 200 : statusOf(code satisfies ProblemCode);
  send(response, status, casePage(desk, { whole, account, problems, draft, phone }));
}

/** Back to the page, or the page with the reason why not. */
export async function end(
  desk: Desk,
  request: Request,
  response: Response,
  account: Account,
  result: act.Acted | act.Refusal,
  to: string,
  draft?: Draft,
) {
  if (result.ok) return response.redirect(303, to);
  const { code, who, why } = result;
  await showCase(desk, request, response, account, { code, who, why, ...(draft && { draft }) });
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
export const reply: Post = async (desk, request, response, account) => {
  const draft = draftOf('reply', request);
  const use = request.body?.use;
  if (typeof use === 'string') return showReady(desk, request, response, account, draft, use);
  const given = answering.safeParse(request.body);
  if (!given.success) return showCase(desk, request, response, account, { code: 'invalid', draft });
  const how = { version: null, once: { key: given.data.once, body: given.data.text } };
  const id = idOf(request);
  const result = await act.replyTo(desk, id, actorOf(account), given.data.text, how, given.data.now === 'yes');
  await end(desk, request, response, account, result, `/desk/cases/${id}#reply`, draft);
};

/** A ready text goes into the box, after what is typed already; nothing is sent yet. */
async function showReady(desk: Desk, request: Request, response: Response, account: Account, draft: Draft, use: string): Promise<void> {
  const lang = languageOf(desk, account);
  const whole = await openWhole(desk, idOf(request), actorOf(account));
  if (whole === null) return sendError(desk, response, lang, account, 'not_found');
  const { language, ref } = whole.case;
  const ready = cannedReplies(desk, { language, reader: lang, name: account.name, ref }, 'all').find((one) => one.id === use);
  const words = [draft.fields['text'] ?? '', ready?.text ?? ''].flat().filter((one) => one.trim() !== '');
  send(response, 200, casePage(desk, { whole, account, problems: [], draft: { form: 'reply', fields: { text: words.join('\n') } } }));
}

export const note: Post = async (desk, request, response, account) => {
  const draft = draftOf('note', request);
  const given = noting.safeParse(request.body);
  if (!given.success) return showCase(desk, request, response, account, { code: 'invalid', draft });
  const { text: words, once: key, restricted } = given.data;
  const how = { version: null, once: { key, body: words } };
  const id = idOf(request);
  const result = await act.noteOn(desk, id, actorOf(account), words, how, restricted === 'yes');
  await end(desk, request, response, account, result, `/desk/cases/${id}#notes`, draft);
};

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

export const missed: Post = async (desk, request, response, account) => {
  const result = await appointmentMissed(desk, idOf(request), actorOf(account));
  await end(desk, request, response, account, result, `/desk/cases/${idOf(request)}`);
};

export const close: Post = async (desk, request, response, account) => {
  const given = closing.safeParse(request.body);
  if (!given.success) return showCase(desk, request, response, account, { code: 'invalid', draft: draftOf('close', request) });
  const result = await act.closeCase(desk, idOf(request), actorOf(account), given.data.reason);
  await end(desk, request, response, account, result, `/desk/cases/${idOf(request)}`);
};
