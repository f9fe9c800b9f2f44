// Passes a request on and back. The person is told in one sentence of ours, unless others read the phone:
// then a name would say too much, and the page leaves it to the caseworker's next private talk.
import type { Actor, Case } from '../case/case.ts';
import { manner } from '../case/heard.ts';
import * as refer from '../case/refer.ts';
import { type Acted, anyhow, change, type How, type Refusal, say } from './act.ts';
import type { Desk } from './desk.ts';
import { officeName } from './words.ts';

type Result = Promise<Acted | Refusal>;

const theirs = (desk: Desk, { language }: Case) => (desk.languages.includes(language) ? language : (desk.languages[0] ?? language));

export const offerToOffice = (desk: Desk, id: string, actor: Actor, office: string): Result =>
  change(desk, 'refer', id, actor, anyhow, (kase) => refer.offerOffice(kase, actor, office));

export function offerToOrganisation(desk: Desk, id: string, actor: Actor, organisation: string): Result {
  let told: string | null = null;
  return change(
    desk,
    'refer',
    id,
    actor,
    anyhow,
    (kase, at, content) => {
      const name = content === null ? undefined : refer.agreedTo(content).find((one) => one.organisation === organisation)?.name;
      told =
        name !== undefined && manner(content) === 'free' ? desk.text(theirs(desk, kase), 'canned.referred', { organisation: name }) : null;
      return refer.offerOrganisation(kase, actor, content, organisation, told !== null, at);
    },
    async (tx, kase, at, thing) => {
      if (told !== null) await say(desk, tx, kase, actor, told, at, thing);
    },
  );
}

/** Taken by an office, or, as a colleague heard, by an organisation. */
export function takeReferral(desk: Desk, id: string, actor: Actor): Result {
  let told: string | null = null;
  return change(
    desk,
    'take',
    id,
    actor,
    anyhow,
    (kase, at, content) => {
      const office = kase.referral?.office ?? null;
      const lang = theirs(desk, kase);
      const free = office !== null && content !== null && manner(content) === 'free';
      told = free ? desk.text(lang, 'canned.moved', { office: officeName(lang, office) }) : null;
      return refer.take(kase, actor, content, told !== null, at);
    },
    async (tx, kase, at, thing) => {
      if (told !== null) await say(desk, tx, kase, actor, told, at, thing);
    },
  );
}

/** Like giving back: under the same mark, for an event done twice after a kill comes once as this and once as that. */
export const turnBackReferral = (desk: Desk, id: string, actor: Actor, how: How = anyhow): Result =>
  change(desk, 'release', id, actor, how, (kase, _, content) => refer.turnBack(kase, actor, content));

/** An organisation's own system takes what is on offer to it: a claim, under the mark of a claim. */
export const takeOverReferral = (desk: Desk, id: string, actor: Actor, organisation: string, how: How): Result =>
  change(desk, 'claim', id, actor, how, (kase, at, content) => refer.takeOver(kase, actor, content, organisation, at));
