// The forms of the case page that write something down: who works on it, to whom it is passed on, its level, what the person told,
// what they agreed to, an appointment.
import type { Request } from 'express';
import { z } from 'zod';
import { levelReasons, levels } from '../case/case.ts';
import { findCase } from '../store/cases.ts';
import { listAccounts } from '../store/people.ts';
import type * as act from './act.ts';
import * as record from './act-record.ts';
import * as passing from './act-refer.ts';
import { meetingTime } from './case-acts.ts';
import { readHeard } from './case-beside.ts';
import { draftOf, end, idOf, type Post, showCase } from './case-posts.ts';
import { officesFor } from './case-refer.ts';
import { actorOf } from './session.ts';
import { organisationId } from './words.ts';

const yes = z.literal('yes').optional();
const several = z.union([z.string(), z.array(z.string())]).default([]);
const day = z.iso.date();

const levelling = z.object({ level: z.enum([...levels, 'rules']), reason: z.enum(levelReasons).optional() });
const hearing = z.object({ seen: z.coerce.number().int().min(0) });
const confirming = z.object({ confirmed: several });
const sharing = z.object({ name: z.string().trim().min(1).max(80), embassy: yes, again: yes });
const paper = z.object({ date: day, kept: z.string().trim().min(1).max(200) });
const reading = z.object({ language: z.string(), interpreter: z.enum(['yes', 'no']), agreed: z.literal('yes') });
const appointing = z
  .object({
    confirmed: several,
    wishes: z.enum(['kept', 'not-kept']),
    text: z.string().max(4096),
    date: day.or(z.literal('')).default(''),
    time: z.iso.time({ precision: -1 }).or(z.literal('')).default(''),
    place: z.string().trim().max(200).default(''),
  })
  .refine((form) => form.wishes === 'kept' || form.text.trim() !== '', 'an unkept wish needs a note')
  .refine((form) => (form.date === '') === (form.time === '') && (form.date !== '' || form.place === ''), 'day and time belong together');

const page = (request: Request) => `/desk/cases/${idOf(request)}`;

/** One form: read, done, and back to the page; unreadable, it is shown again with what was in it. */
function form<T>(
  name: string,
  schema: z.ZodType<T>,
  act: (...given: [...Parameters<Post>, T]) => Promise<act.Acted | act.Refusal | null> | null,
): Post {
  return async (desk, request, response, account) => {
    const draft = draftOf(name, request);
    const given = schema.safeParse(request.body ?? {});
    const result = given.success ? await act(desk, request, response, account, given.data) : null;
    if (result === null) return showCase(desk, request, response, account, { code: 'invalid', draft });
    await end(desk, request, response, account, result, page(request), draft);
  };
}

export const level: Post = form('level', levelling, (desk, request, _, account, given) => {
  const actor = actorOf(account);
  if (given.level === 'rules') return record.levelCase(desk, idOf(request), actor, null);
  return given.reason === undefined ? null : record.levelCase(desk, idOf(request), actor, { level: given.level, why: given.reason });
});

export const confirm: Post = form('confirm', confirming, (desk, request, _, account, { confirmed }) =>
  record.confirmChoice(desk, idOf(request), actorOf(account), [confirmed].flat()),
);

export const share: Post = form('share', sharing, async (desk, request, _, account, { name, embassy, again }) => {
  const kase = await findCase(desk.keep, idOf(request));
  // Whatever box was ticked, an institution the pack knows as an embassy is one.
  const known = desk.organisations(kase?.country ?? null).find((one) => one.name === name);
  const organisation = known?.id ?? organisationId(name);
  const asking = { organisation, name, again: again === 'yes', embassy: embassy === 'yes' || known?.embassy === true };
  return organisation === '' ? null : record.askToShare(desk, idOf(request), actorOf(account), asking);
});

export const embassy: Post = async (desk, request, response, account) => {
  const draft = draftOf('embassy', request);
  const revoked = request.body?.revoke === 'yes';
  const given = paper.safeParse(request.body ?? {});
  if (!revoked && !given.success) return showCase(desk, request, response, account, { code: 'invalid', draft });
  const result = await record.recordEmbassy(desk, idOf(request), actorOf(account), revoked || !given.success ? null : given.data);
  await end(desk, request, response, account, result, page(request), draft);
};

export const openReturn: Post = form('return', reading, (desk, request, _, account, { language, interpreter }) =>
  desk.languages.includes(language)
    ? record.openReturn(desk, idOf(request), actorOf(account), { language, interpreter: interpreter === 'yes' })
    : null,
);

export const assign: Post = async (desk, request, response, account) => {
  const to = (await listAccounts(desk.keep)).find((one) => one.id === request.body?.to && !one.disabled);
  if (to === undefined) return showCase(desk, request, response, account, { code: 'invalid' });
  const result = await record.assignCase(desk, idOf(request), actorOf(account), actorOf(to));
  await end(desk, request, response, account, result, page(request));
};

export const refer: Post = async (desk, request, response, account) => {
  const [sort, to = ''] = String(request.body?.to ?? '').split(' ');
  const id = idOf(request);
  const actor = actorOf(account);
  const kase = await findCase(desk.keep, id);
  const known = kase !== null && officesFor(desk, { case: kase, accounts: await listAccounts(desk.keep) }).includes(to);
  if (sort === 'organisation')
    await end(desk, request, response, account, await passing.offerToOrganisation(desk, id, actor, to), page(request));
  else if (sort === 'office' && known)
    await end(desk, request, response, account, await passing.offerToOffice(desk, id, actor, to), page(request));
  else await showCase(desk, request, response, account, { code: 'invalid', draft: draftOf('refer', request) });
};

export const take: Post = async (desk, request, response, account) =>
  end(desk, request, response, account, await passing.takeReferral(desk, idOf(request), actorOf(account)), page(request));

export const turnBack: Post = async (desk, request, response, account) =>
  end(desk, request, response, account, await passing.turnBackReferral(desk, idOf(request), actorOf(account)), page(request));

export const heard: Post = async (desk, request, response, account) => {
  const draft = draftOf('heard', request);
  const kase = await findCase(desk.keep, idOf(request));
  const given = hearing.safeParse(request.body ?? {});
  const answers = kase === null ? null : readHeard(desk, kase.kind, request.body ?? {});
  if (kase === null || !given.success || answers === null)
    return showCase(desk, request, response, account, { code: kase === null ? 'not_found' : 'invalid', draft });
  const result = await record.hearFrom(desk, idOf(request), actorOf(account), answers, given.data.seen);
  await end(desk, request, response, account, result, page(request), draft);
};

export const appoint: Post = async (desk, request, response, account) => {
  const draft = draftOf('appoint', request);
  const given = appointing.safeParse(request.body ?? {});
  const kase = await findCase(desk.keep, idOf(request));
  if (!given.success || kase === null)
    return showCase(desk, request, response, account, { code: kase === null ? 'not_found' : 'invalid', draft });
  const { confirmed, text: noted, date, time, place } = given.data;
  const theirs = desk.languages.includes(kase.language) ? kase.language : (desk.languages[0] ?? kase.language);
  const when = date === '' ? '' : meetingTime(theirs, date, time);
  const words = date === '' ? '' : [desk.text(theirs, 'canned.appointment', { when }), place].filter((one) => one !== '').join('\n');
  const plan = {
    confirmed: [confirmed].flat(),
    note: noted.trim() === '' ? null : noted.trim(),
    meeting: date === '' ? null : { date, time, place, text: words },
  };
  const result = await record.appointCase(desk, idOf(request), actorOf(account), plan);
  await end(desk, request, response, account, result, page(request), draft);
};
