// Data and looks: nothing is asked without use, nothing is forced, and no screen gives anything away.
import { reads } from '../flow/condition.ts';
import type { Flow, Step } from '../flow/definition.ts';
import type { Effect } from '../flow/effect.ts';
import { rules } from '../flow/rules.ts';
import type { Known, Value } from '../flow/session.ts';
import { waits } from '../flow/walk.ts';
import { valuesAt } from './classes.ts';
import { arrows, untilAsked } from './graph.ts';
import { type Broken, consentKind, type FileRule, type Model, type MoveRule } from './model.ts';

/** P15: each question takes Skip and goes on. */
export const skipIsTaken: MoveRule = {
  id: 'P15',
  broken(_, { input, before, after, here, changed }) {
    const { step } = before;
    if (changed || input.kind !== 'answer' || input.value !== null || step?.ask === undefined) return null;
    const gone = here.step?.ref !== step.ref || after.detour !== null || after.done !== null;
    return gone ? null : { at: step.ref, message: 'Skip is not taken' };
  },
};

/** P15: each gate menu that the table reads has Skip. */
export const gateCanBeSkipped: FileRule = {
  id: 'P15',
  broken({ flow }) {
    return rules.clear.reads.flatMap((ref) => {
      const step = flow.steps[ref];
      return step === undefined || step.menu?.['skip'] !== undefined ? [] : [{ at: ref, message: 'a gate question without skip' }];
    });
  },
};

/** P15: who skips a question is never read later than the one whose answer counts least. */
export const skipCostsNothing: FileRule = {
  id: 'P15',
  broken(model) {
    const { flow, rank } = model;
    const found: Broken[] = [];
    for (const [consent, field] of Object.entries(flow.fields)) {
      const kind = consentKind(flow, consent);
      if (kind === null || kind === 'other' || field.type !== 'choice') continue;
      const steps = Object.values(flow.steps).filter(
        (step) =>
          waits(step) &&
          (field.covers ?? []).some(
            (one) => one === (step.ask ?? step.ref) || (one.endsWith('/*') && step.ref.startsWith(one.slice(0, -1))),
          ),
      );
      const level = (known: Known) => rank(kind, consent, known);
      const telling = steps.filter((step) => counts(flow, step, steps, level));
      for (const known of combinations(flow, telling))
        for (const step of telling) {
          const item = step.ask ?? step.ref;
          const skip = step.ask === undefined ? 'skip' : null;
          const least = Math.max(
            ...values(flow, step)
              .filter((value) => value !== skip)
              .map((value) => level({ ...known, [item]: value })),
          );
          if (level({ ...known, [item]: skip }) > least)
            found.push({ at: step.ref, message: 'a skipped answer is read later than any answer' });
        }
    }
    return found;
  },
};

/** Several values at once rank like the most urgent of them, so each alone is enough. */
const values = (flow: Flow, step: Step): Value[] =>
  step.pick !== undefined || flow.fields[step.ask ?? '']?.type === 'list' ? ['skip'] : valuesAt(flow, step);

/** Whether some pair of answers makes this one matter. */
function counts(flow: Flow, step: Step, others: Step[], level: (known: Known) => number): boolean {
  const item = step.ask ?? step.ref;
  const differs = (known: Known) => new Set(values(flow, step).map((value) => level({ ...known, [item]: value }))).size > 1;
  return (
    differs({}) ||
    others.some((other) => other !== step && values(flow, other).some((value) => differs({ [other.ask ?? other.ref]: value })))
  );
}

const combinations = (flow: Flow, steps: Step[]): Known[] =>
  steps.reduce<Known[]>(
    (all, step) => all.flatMap((known) => values(flow, step).map((value) => ({ ...known, [step.ask ?? step.ref]: value }))),
    [{}],
  );

/** P16: each personal field is asked somewhere, and either decides a way or is handed over; and it says how long it is kept. */
export const fieldsAreUsed: FileRule = {
  id: 'P16',
  broken({ flow }) {
    const steps = Object.values(flow.steps);
    const read = new Set(
      steps.flatMap((step) => (step.next ?? []).flatMap((branch) => (branch.when === undefined ? [] : reads(branch.when)))),
    );
    const sent = new Set(
      steps.flatMap((step) => [
        ...(step.handoff?.send ? [step.handoff.consent] : []),
        ...(step.tell?.event === 'follow-up' ? [step.tell.consent] : []),
      ]),
    );
    const covered = new Set(
      [...sent].flatMap((consent) => {
        const field = flow.fields[consent];
        return field?.type === 'choice' ? (field.covers ?? []) : [];
      }),
    );
    return Object.entries(flow.fields).flatMap(([at, field]): Broken[] => {
      if (!steps.some((step) => step.ask === at)) return [{ at, message: 'is asked nowhere' }];
      if (field.data !== 'personal' && field.data !== 'sensitive') return [];
      if (!read.has(at) && !covered.has(at)) return [{ at, message: 'is asked, but decides nothing and is handed to nobody' }];
      return field.keep === undefined ? [{ at, message: 'does not say how long it is kept' }] : [];
    });
  },
};

/** P16: no way to a case asks more than the budget allows. */
export const withinBudget: FileRule = {
  id: 'P16',
  broken({ flow }) {
    const most = { picks: 0, answers: 0 };
    const at = { picks: '', answers: '' };
    const counted = (ref: string, picks: number, answers: number) => {
      if (picks > most.picks) [most.picks, at.picks] = [picks, ref];
      if (answers > most.answers) [most.answers, at.answers] = [answers, ref];
    };
    longest(flow, flow.entry, [], counted);
    const restarts = Object.values(flow.steps).flatMap((step) => step.restart ?? []);
    for (const ref of new Set(restarts)) longest(flow, ref, flow.carry, counted);
    return (['picks', 'answers'] as const).flatMap((what) =>
      most[what] > flow.budget[what]
        ? [{ at: 'budget', message: `${most[what]} ${what} to the case at ${at[what]}; the budget is ${flow.budget[what]}` }]
        : [],
    );
  },
};

/** The most picks and answers on any way that passes no step twice; what is carried and picked again counts once. */
function longest(flow: Flow, from: string, carried: string[], counted: (ref: string, picks: number, answers: number) => void): void {
  const seen = new Set<string>();
  const go = (ref: string, picks: number, answers: number, passed: ReadonlySet<string>) => {
    const step = flow.steps[ref === 'resume' ? flow.home : ref];
    const key = `${ref} ${picks} ${answers}`;
    if (step === undefined || passed.has(step.ref) || seen.has(key)) return;
    seen.add(key);
    if (step.handoff !== undefined) counted(step.ref, picks + carried.filter((item) => !passed.has(item)).length, answers);
    const isPick = waits(step) && step.ask === undefined;
    const next = new Set(passed).add(step.ref);
    for (const to of new Set(arrows(step).flatMap((arrow) => (arrow.by === 'restart' ? [] : [arrow.to]))))
      go(to, picks + (isPick ? 1 : 0), answers + (step.ask === undefined ? 0 : 1), next);
  };
  go(from, 0, 0, new Set());
}

const queueNames = /protect|child|talk|queue|priority|urgent|case/;

/** P30: after the yes every request but a return looks the same: same texts, none of which names a queue. */
export const sameLook: FileRule = {
  id: 'P30',
  broken({ flow }) {
    const looks = Object.values(flow.steps)
      .filter((step) => step.handoff !== undefined && step.handoff.kind !== 'return')
      .map((step) => ({
        step,
        texts: [...untilAsked(flow, step.ref)].flatMap((ref) =>
          (flow.steps[ref]?.say ?? []).map((key) => `${flow.steps[ref]?.file}.${key}`),
        ),
      }));
    const [first] = looks;
    return looks.flatMap(({ step, texts }): Broken[] => {
      const tells = texts.find((text) => queueNames.test(text.replace('my-case', '')));
      if (tells !== undefined) return [{ at: step.ref, message: `the receipt ${tells} names the queue` }];
      return texts.join() === first?.texts.join()
        ? []
        : [{ at: step.ref, message: `shows ${texts.join(', ')}, others show ${first?.texts.join(', ')}` }];
    });
  },
};

/** P31: words to a caseworker are written only where an open request is, and stay in no session. */
export const writeOnlyToTheRequest: FileRule = {
  id: 'P31',
  broken({ flow }) {
    const file = flow.steps[flow.reply]?.file;
    return Object.values(flow.steps).flatMap((step) =>
      (step.write || step.withdraw) && step.file !== file ? [{ at: step.ref, message: `free text or withdrawal outside ${file}` }] : [],
    );
  },
};

/** P31: what was written is in no answer and no pick, and does not look delivered when nobody is there to read it. */
export const wordsAreNotKept: MoveRule = {
  id: 'P31',
  broken(_, { node, input, before, after, effects, here }) {
    const delivered = effects.some((effect: Effect) => effect.do === 'deliver');
    if (delivered && !before.step?.write) return { at: before.step?.ref ?? '', message: 'words are delivered from a step that takes none' };
    if (input.kind !== 'written') return null;
    if (!node.open && here.step?.write) return { at: before.step?.ref ?? '', message: 'words to a request that is closed look delivered' };
    const kept = [...Object.entries(after.picks), ...Object.entries(after.detour?.picks ?? {})].find(
      ([ref, value]) => ref === before.step?.ref && value !== 'written',
    );
    return kept === undefined ? null : { at: before.step?.ref ?? '', message: 'the words are kept in the session' };
  },
};

/** P32: everyday words lead to pages that only inform. */
export const wordsLeadToPages: FileRule = {
  id: 'P32',
  broken({ flow, topics }: Model) {
    return topics.flatMap((ref): Broken[] => {
      const step = flow.steps[ref];
      if (step === undefined) return [];
      if (flow.private.includes(step.file)) return [{ at: ref, message: 'an everyday word leads into a private file' }];
      const acts = [...untilAsked(flow, ref)]
        .flatMap((met) => flow.steps[met] ?? [])
        .find((one) => one.ask ?? one.review ?? one.write ?? one.handoff ?? one.forget ?? one.restart ?? one.withdraw ?? one.end);
      return acts === undefined && step.say.length > 0
        ? []
        : [{ at: ref, message: 'an everyday word leads to something else than a page' }];
    });
  },
};
