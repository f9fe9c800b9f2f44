// E-mail for those who wish it: something waits, by reference and level alone. A mail crosses servers
// nobody here knows, so it never says who, what, where or why, and of protection requests there is none.
import { levelOf } from '../case/case.ts';
import { sees } from '../case/queue.ts';
import { codeOf } from '../log.ts';
import { accountSeal } from '../store/factor.ts';
import { type Addressee, addressees, type News, newsAfter, noticed, noticedUntil } from '../store/notices.ts';
import type { Desk } from './desk.ts';
import { actorOf, languageOf } from './session.ts';

export type Mail = { to: string; subject: string; text: string };
/** Rejects when it was not taken; `responseCode` of 500 and above: it never will be. */
export type Send = (mail: Mail) => Promise<void>;

/** What is older than that is seen in the queue sooner than in a mail. */
const staleAfter = 3_600_000;
const mostRows = 1000;
const mostLines = 20;

/** A new request and words of crisis are for everybody who may work on it; further words for whoever holds it. */
function concerns({ account }: Addressee, { action, case: kase }: News): boolean {
  const actor = actorOf(account);
  if (!sees(actor, kase)) return false;
  return action === 'message.received'
    ? kase.claimedBy === account.id
    : kase.claimedBy === null || kase.claimedBy === account.id || account.roles.includes('supervisor');
}

function mailFor(desk: Desk, { account, mail }: Addressee, news: News[]): Mail {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const cases = [...new Map(news.map((one) => [one.case.id, one.case])).values()];
  const lines = cases.slice(0, mostLines).map((kase) => `${kase.ref}  ${text(`level.${levelOf(kase)}`)}`);
  if (cases.length > mostLines) lines.push(text('notices.more', { count: String(cases.length - mostLines) }));
  return { to: mail, subject: text('notices.subject'), text: `${lines.join('\n')}\n\n${desk.publicUrl}/desk\n` };
}

const refusedForGood = (error: unknown) =>
  typeof error === 'object' && error !== null && 'responseCode' in error && Number(error.responseCode) >= 500;

/**
 * Tells what came since the last time, one mail for each who is concerned. Whoever could not be reached is
 * tried again the next time, the others are not told twice: `told` remembers how far each was told.
 */
export async function sendNotices(desk: Desk, send: Send, told: Map<string, number>): Promise<void> {
  const from = await noticedUntil(desk.keep);
  const { until, news } = await newsAfter(desk.keep, from, mostRows);
  if (until === from) return;
  const now = desk.now().getTime();
  const fresh = news.filter(({ at }) => now - at < staleAfter);
  let all = true;
  for (const one of fresh.length === 0 ? [] : await addressees(desk.keep, await accountSeal(desk.keep, desk.seal))) {
    const mine = fresh.filter((item) => item.seq > (told.get(one.account.id) ?? 0) && concerns(one, item));
    if (mine.length === 0) continue;
    try {
      await send(mailFor(desk, one, mine));
      told.set(one.account.id, until);
    } catch (error) {
      desk.log.warn('a notice could not be sent', { code: codeOf(error), who: one.account.id });
      if (refusedForGood(error)) told.set(one.account.id, until);
      else all = false;
    }
  }
  if (all) await noticed(desk.keep, until);
}
