// What can be asked for at any time, and what must not happen by the way.
import { inUrgent } from '../flow/apply.ts';
import type { Flow } from '../flow/definition.ts';
import { outcome } from '../flow/rules.ts';
import type { Session } from '../flow/session.ts';
import { step } from '../flow/step.ts';
import { stampOf, understand } from '../flow/understand.ts';
import { handoffAfter } from './graph.ts';
import { agreed, consentKind, isEmpty, knownAfter, type Move, type MoveRule, mainMoved, says } from './model.ts';

/** P17: DELETE erases at once where nothing is open; where a request is open it asks once, and yes erases. */
export const deleteErases: MoveRule = {
  id: 'P17',
  broken({ small, flow }, { node, input, effects, after, here, facts }) {
    const forgets = effects.some((effect) => effect.do === 'forget');
    if (forgets && (after.done !== 'erased' || !isEmpty(after.picks) || !isEmpty(after.answers) || !isEmpty(after.from.picks)))
      return { at: 'interrupts.delete', message: 'something is left after everything was erased' };
    if (input.kind !== 'interrupt' || input.name !== 'delete') return null;
    const broken = (message: string) => ({ at: flow.interrupts.delete.go, message });
    if (!node.open) return forgets && here.step === null ? null : broken('DELETE does not erase at once although no request is open');
    if (forgets) return broken('DELETE erases an open request without asking');
    const options = Object.keys(here.step?.menu ?? {});
    const erases = options.filter((value) =>
      step(small, after, { kind: 'answer', value }, facts).effects.some((effect) => effect.do === 'forget'),
    );
    return erases.length === 1 && options.length === 2 ? null : broken('DELETE does not ask once, with one answer that erases');
  },
};

/** Nothing is known that was not. */
const within = (was: Session, now: Session): boolean =>
  Object.entries(now.picks).every(([ref, value]) => was.picks[ref] === value) &&
  Object.entries(now.answers).every(([field, given]) => was.answers[field] === given);

/** P24: as long as the world stays as it is, a button of another question, a photo, an edited message or looking again changes no answer and no pick. */
export const oldButtonsDoNothing: MoveRule = {
  id: 'P24',
  broken({ small, words }, { node, input, before, after, here, facts, changed }) {
    if (changed && input.kind === 'answer' && before.step !== null && !within(node.session, after))
      return { at: before.step.ref, message: 'a reply to a question that is gone is taken for an answer' };
    if (changed || mainMoved({ node, before })) return null;
    const idle = input.kind === 'stale' || input.kind === 'again' || (input.kind === 'unclear' && after.detour === node.session.detour);
    const was = node.session;
    if (!idle || before.step === null) {
      const moved = here.step !== null && here.step.ref !== before.step?.ref;
      return moved && after.asked !== after.seq
        ? { at: here.step?.ref ?? '', message: 'a new question keeps the buttons of the last one valid' }
        : null;
    }
    const same = after.picks === was.picks && after.answers === was.answers && after.from === was.from && after.detour === was.detour;
    if (!same || here.step?.ref !== before.step.ref)
      return { at: before.step.ref, message: `${input.kind} changes what is known, or the question` };
    if (input.kind !== 'stale') return null;
    const stamp = `${stampOf(was)}x`;
    const meant = understand(small, was, { kind: 'choice', stamp, code: 'yes' }, words, facts).input;
    return meant.kind === 'stale' ? null : { at: before.step.ref, message: 'a button of another question is taken for an answer' };
  },
};

/** P27: urgent help changes nothing and comes back; the fixed sentence is on its screens, and an open request is told. */
export const urgentWaits: MoveRule = {
  id: 'P27',
  broken({ flow, small }, { node, input, effects, after, here, before, facts }) {
    const alerts = effects.some((effect) => effect.do === 'alert');
    const urgent = input.kind === 'interrupt' && input.name === 'urgent';
    const at = urgent ? (flow.interrupts.urgent.byWord[input.group ?? ''] ?? flow.interrupts.urgent.go) : (before.step?.ref ?? '');
    if (alerts !== (urgent && node.open))
      return { at, message: alerts ? 'an alert with no request open' : 'urgent words in an open request alert nobody' };
    if (!urgent) return goneOn(flow, { node, input, before, after, here });
    const broken = (message: string) => ({ at, message });
    const was = node.session;
    if (!says(effects, 'not-emergency')) return broken('the screen does not say that this is no emergency service');
    if (input.group !== undefined && !says(effects, 'numbers')) return broken('the screen does not say whom to call');
    // Where the world has led away from what was asked, what hung on it goes.
    if (
      !mainMoved({ node, before }) &&
      (after.picks !== was.picks || after.answers !== was.answers || after.tries !== was.tries || after.from.picks !== was.from.picks)
    )
      return broken('urgent help changes what is known, or the count of tries');
    const asked = before.main?.at ?? null;
    const options = Object.keys(here.step?.menu ?? {});
    // Going on is walked from that screen; here it counts that it can be chosen.
    const goesOn = Object.values(here.step?.menu ?? {}).includes('resume');
    const returns =
      goesOn ||
      options.some((value) => {
        const { session, effects: next } = step(small, after, { kind: 'answer', value }, facts);
        const last = next.findLast((effect) => effect.do === 'ask');
        return session.detour === null && (asked === null || (last?.do === 'ask' && last.step === asked));
      });
    return returns ? null : broken('no way from urgent help back to the open question');
  },
};

/** "Go on" finds the question, the count of tries, the page and the marks as they were. */
function goneOn(flow: Flow, { node, input, before, after, here }: Pick<Move, 'node' | 'input' | 'before' | 'after' | 'here'>) {
  const was = node.session;
  if (input.kind !== 'answer' || !inUrgent(flow, was) || after.detour !== null || after.done !== null || after.from !== was.from)
    return null;
  const same = after.tries === was.tries && after.page === was.page && after.marked === was.marked;
  return here.step?.ref !== before.main?.at || (!same && !mainMoved({ node, before }))
    ? { at: before.step?.ref ?? '', message: 'urgent help leaves another question, or forgets tries, marks or the page' }
    : null;
}

/** P28: contacts come before any question; a partly answered return needs its own Send. */
export const personWithoutPrice: MoveRule = {
  id: 'P28',
  broken({ flow }, { node, input, effects, before, here }) {
    if (input.kind === 'interrupt' && input.name === 'human') {
      const first = effects.findIndex((effect) => effect.do === 'say' && effect.key === 'contacts');
      const asked = effects.findIndex((effect) => effect.do === 'ask');
      if (!node.open && asked >= 0 && (first < 0 || first > asked))
        return { at: 'interrupts.human', message: 'a question comes before the contacts' };
      if (consentKind(flow, here.step?.ask) !== null && here.detour !== null)
        return { at: here.step?.ref ?? '', message: 'asking for a person leads straight to a consent' };
    }
    const opens = effects.find((effect) => effect.do === 'open-case');
    if (opens?.do !== 'open-case' || opens.kind !== 'return') return null;
    const at = handoffAfter(flow, before.step?.ref ?? '');
    if (input.kind !== 'answer' || input.value !== 'send') return { at, message: 'a return case without its own Send' };
    return agreed(flow, node.session, opens.consent) && outcome(before.known) === 'clear'
      ? null
      : { at, message: 'a return case before its consent' };
  },
};

/** P33: in words that nobody has checked nothing is asked of anybody at the gate or for a consent, and nothing is handed over. */
export const draftsOnlyInform: MoveRule = {
  id: 'P33',
  broken({ flow }, { before, here, effects, facts }) {
    const asks = here.step !== null && (here.step.file === 'gate' || consentKind(flow, here.step.ask) !== null);
    const done = effects.some(
      (effect) => effect.do === 'record-consent' || effect.do === 'open-case' || (effect.do === 'tell' && effect.agreed),
    );
    // A world is asked only where it matters, or every step would be taken in one more.
    if ((!asks && !done) || facts.draftLanguage !== true) return null;
    return { at: (asks ? here : before).step?.ref ?? '', message: 'reached in a language whose texts nobody has checked' };
  },
};

/** P29: no gate question, consent or receipt on a phone nobody called safe; anything but yes leaves nothing behind. */
export const safePhoneFirst: MoveRule = {
  id: 'P29',
  broken({ flow }, move) {
    const { before, here, effects, input, after } = move;
    const safe = (known: Move['here']['known']) => flow.safe.some((ref) => known[ref] === 'yes');
    const asks = here.step !== null && (here.step.file === 'gate' || consentKind(flow, here.step.ask) !== null);
    // The question stood already, or the yes was said just before a restart.
    const stood = move.node.session.from === after.from && before.main?.at === here.main?.at;
    if (asks && !stood && !safe(here.known) && !safe(knownAfter(move)))
      return { at: here.step?.ref ?? '', message: 'reached without a yes to "is this phone safe"' };
    // At a consent it was asked on arrival.
    const opens = effects.some((effect) => effect.do === 'open-case');
    if (opens && consentKind(flow, before.step?.ask) === null && !safe(before.known))
      return { at: before.step?.ref ?? '', message: 'a case from a phone nobody called safe' };
    const unsafe =
      !move.changed && input.kind === 'answer' && input.value !== 'yes' && before.step !== null && flow.safe.includes(before.step.ref);
    if (!unsafe) return null;
    const kept =
      !isEmpty(after.picks) ||
      !isEmpty(after.answers) ||
      after.detour !== null ||
      flow.safe.some((ref) => after.from.picks[ref] !== undefined);
    return kept ? { at: before.step?.ref ?? '', message: 'after "not safe" something is kept, or a question still waits' } : null;
  },
};
