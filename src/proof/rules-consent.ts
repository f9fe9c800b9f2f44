// Rights: nothing is asked, kept or handed over without a yes to exactly that.
import { choose } from '../flow/condition.ts';
import type { Kind } from '../flow/session.ts';
import { understand } from '../flow/understand.ts';
import { handoffAfter, untilAsked } from './graph.ts';
import { agreed, agreedTo, consentKind, type FileRule, isEmpty, knownAfter, type Move, type MoveRule } from './model.ts';

const isPersonal = (data: string | undefined) => data === 'personal' || data === 'sensitive';

/** P10: before a consent there are only picks: no personal question, and nothing to review. */
export const consentFirst: MoveRule = {
  id: 'P10',
  broken({ flow }, { after, here }) {
    const { step } = here;
    if (step === null || (step.ask === undefined && !step.review)) return null;
    if (step.ask !== undefined && !isPersonal(flow.fields[step.ask]?.data)) return null;
    if (agreedTo(flow, after).some((field) => here.known[field] === 'yes' && agreed(flow, after, field))) return null;
    return {
      at: step.ref,
      message: step.review ? 'there is nothing agreed to that could be reviewed' : `asks ${step.ask} before any consent`,
    };
  },
};

/** P10: a link leads to a page, never to a question or into a private file. */
export const linksAreNeutral: FileRule = {
  id: 'P10',
  broken({ flow }) {
    return flow.links.flatMap((ref, i) => {
      const step = flow.steps[ref];
      const at = `links.${i}`;
      if (step === undefined) return [];
      if (flow.private.includes(step.file)) return [{ at, message: `a link into the private file ${step.file}` }];
      const first = [...untilAsked(flow, ref)].flatMap((met) => flow.steps[met] ?? []);
      const asks = first.some((one) => one.ask !== undefined || one.review || one.handoff !== undefined || one.forget);
      return asks ? [{ at, message: `a link to the question or request at ${ref}` }] : [];
    });
  },
};

const acts = ['open-case', 'record-consent', 'tell', 'deliver', 'withdraw'];

/** P11: a case opens only with a valid yes to a consent of its own kind, and holds only what that consent covers and this path knows. */
export const casesNeedConsent: MoveRule = {
  id: 'P11',
  broken({ flow }, move) {
    for (const effect of move.effects) {
      if (move.changed && acts.includes(effect.do))
        return { at: move.before.main?.path.at(-1) ?? '', message: `a change of the world alone does this: ${effect.do}` };
      if (effect.do !== 'open-case') continue;
      const at = handoffAfter(flow, move.before.step?.ref ?? '');
      const field = flow.fields[effect.consent];
      const now = move.effects.some((one) => one.do === 'record-consent' && one.field === effect.consent);
      if (!now && !agreed(flow, move.node.session, effect.consent)) return { at, message: `a case without a yes to ${effect.consent}` };
      const known = knownAfter(move);
      if (known[effect.consent] !== 'yes') return { at, message: `${effect.consent} was said yes to on another way` };
      if (consentKind(flow, effect.consent) !== effect.kind) return { at, message: `a case of kind ${effect.kind} with ${effect.consent}` };
      const covers = field?.type === 'choice' ? (field.covers ?? []) : [];
      const fits = (item: string) => covers.some((one) => (one.endsWith('/*') ? item.startsWith(one.slice(0, -1)) : one === item));
      const beyond = Object.keys(effect.values).find((item) => !fits(item) || known[item] === undefined);
      if (beyond !== undefined) return { at, message: `${beyond} is handed over, but not covered or not on this way` };
    }
    return null;
  },
};

/** P11: what a consent without a case tells the desk is what was said at its own step, and only what it covers. */
export const tellingNeedsConsent: MoveRule = {
  id: 'P11',
  broken({ flow }, move) {
    for (const effect of move.effects) {
      if (effect.do !== 'tell') continue;
      const field = flow.fields[effect.consent];
      const at = move.before.step?.ref ?? '';
      const now = move.effects.some((one) => one.do === 'record-consent' && one.field === effect.consent);
      const before = agreed(flow, move.node.session, effect.consent);
      if (effect.agreed && !now && !before) return { at, message: `tells a yes to ${effect.consent} that nobody gave` };
      if (!effect.agreed && move.before.step?.ask !== effect.consent)
        return { at, message: `tells a no to ${effect.consent} that nobody said` };
      const covers = field?.type === 'choice' ? (field.covers ?? []) : [];
      const beyond = Object.keys(effect.values).find((item) => !covers.includes(item));
      if (beyond !== undefined) return { at, message: `${beyond} is told, but not covered` };
    }
    return null;
  },
};

/** Never a yes, however kindly meant. */
const noYes = ['ok', 'OK', '👍', '✅', '🙂', '...'];

/** P12: only yes, at the step that asks, records a consent; and there it always does. */
export const onlyYesCounts: MoveRule = {
  id: 'P12',
  broken({ flow, small, words }, { node, input, before, effects, after, facts, changed }) {
    const asked = before.step?.ask;
    const yes = !changed && input.kind === 'answer' && input.value === 'yes' && consentKind(flow, asked) !== null;
    const recorded = effects.flatMap((effect) => (effect.do === 'record-consent' ? [effect.field] : []));
    const at = before.step?.ref ?? '';
    if (yes && !recorded.includes(asked ?? '')) return { at, message: 'a yes that is not recorded' };
    if (!yes && recorded.length > 0) return { at, message: `${input.kind} records a consent to ${recorded[0]}` };
    if (input.kind === 'stale' && consentKind(flow, asked) !== null)
      for (const text of noYes)
        if (understand(small, node.session, { kind: 'text', text }, words, facts).input.kind === 'answer')
          return { at, message: `"${text}" is taken for an answer` };
    const wrong = agreedTo(flow, after).find((field) => !agreed(flow, after, field));
    return wrong === undefined ? null : { at, message: `a yes to ${wrong} without its words` };
  },
};

/** P13: a no is kept nowhere, leads straight to information, and takes one tap as the yes does. */
export const refusingIsFree: MoveRule = {
  id: 'P13',
  broken({ flow }, { node, input, before, after, here, effects, changed }) {
    if (changed || input.kind !== 'answer') return null;
    const { step } = before;
    const refuses = (consentKind(flow, step?.ask) !== null && input.value !== 'yes') || (step?.review && input.value === 'cancel');
    if (step === null || !refuses) return null;
    const broken = (message: string) => ({ at: step.ref, message });
    if (!isEmpty(after.answers)) return broken(`a refusal is kept: ${Object.keys(after.answers)[0]}`);
    if (effects.some((effect) => ['open-case', 'record-consent', 'withdraw', 'deliver'].includes(effect.do)))
      return broken('a refusal does something');
    const given = agreedTo(flow, node.session).find((field) => !effects.some((one) => one.do === 'erase-consent' && one.field === field));
    if (given !== undefined) return broken(`the yes to ${given} is not erased`);
    if (here.step === null) return broken('a refusal ends the conversation');
    return here.step.ask === undefined ? null : broken(`a refusal is followed by the question ${here.step.ask}`);
  },
};

/** P14: every promise holds: a case of that kind is neither opened nor asked for. */
export const promisesHold: MoveRule = {
  id: 'P14',
  broken(model, move) {
    const { flow } = model;
    const opened = move.effects.flatMap((effect): Kind[] => (effect.do === 'open-case' ? [effect.kind] : []));
    const asked = consentKind(flow, move.here.step?.ask);
    for (const [i, promise] of flow.promises.entries()) {
      const held = (known: Move['here']['known']) => choose([{ when: promise.when, to: 'yes' }, { to: 'no' }], known, move.facts) === 'yes';
      const broken =
        (opened.includes(promise.never.kind) && held(knownAfter(move))) || (asked === promise.never.kind && held(move.here.known));
      if (broken) return { at: `promises.${i}`, message: `a case of kind ${promise.never.kind} in spite of this promise` };
    }
    return null;
  },
};
