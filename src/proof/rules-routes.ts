// Routes: wherever somebody is, there is a way on, and a person can be reached.

import { position } from '../flow/position.ts';
import { waits } from '../flow/walk.ts';
import { arrows, beginnings, detours, within } from './graph.ts';
import type { FileRule, MoveRule } from './model.ts';
import { mainMoved, says } from './model.ts';

const mostSteps = 200;

/** P2: whatever somebody does, whatever changes in the world, there is a question or an end. */
export const noDeadEnd: MoveRule = {
  id: 'P2',
  broken(_, { before, after, here }) {
    if (here.step !== null || after.done !== null) return null;
    return { at: before.step?.ref ?? after.from.step, message: 'after this there is neither a question nor an end' };
  },
};

/** P3: every circle waits for the person somewhere; a restart is a step of the circle like any other. */
export const circlesWait: FileRule = {
  id: 'P3',
  broken({ flow }) {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    for (const start of Object.keys(flow.steps)) {
      // Without recursion: a file may hold ten thousand steps in a row.
      const open: { ref: string; ways: string[] }[] = [];
      const enter = (ref: string) => {
        const step = flow.steps[ref];
        if (step === undefined || waits(step) || state.get(ref) === 'done') return;
        if (state.get(ref) === 'open') {
          circles.push(ref);
          return;
        }
        state.set(ref, 'open');
        open.push({ ref, ways: arrows(step).map(({ to }) => (to === 'resume' ? flow.home : to)) });
      };
      enter(start);
      for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
        const way = top.ways.pop();
        if (way !== undefined) enter(way);
        else {
          state.set(top.ref, 'done');
          open.pop();
        }
      }
    }
    return [...new Set(circles)].map((at) => ({ at, message: 'this leads round in a circle that never waits for the person' }));
  },
};

/** P3: a walk is never longer than 200 steps. */
export const walksEnd: MoveRule = {
  id: 'P3',
  broken(_, { here, effects, before }) {
    const longest = Math.max(here.main?.path.length ?? 0, here.detour?.path.length ?? 0, effects.length);
    return longest <= mostSteps ? null : { at: before.step?.ref ?? '', message: `after this come ${longest} steps without a question` };
  },
};

/** P4: every step is reached from some beginning; here along the arrows, later by walking. */
export const noOrphan: FileRule = {
  id: 'P4',
  broken({ flow, topics }) {
    const from = new Set<string>();
    const open = beginnings(flow, topics, false);
    for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
      if (from.has(ref)) continue;
      for (const met of within(flow, ref, flow.home)) {
        from.add(met);
        const restart = flow.steps[met]?.restart;
        if (restart !== undefined && !from.has(restart)) open.push(restart);
      }
    }
    return Object.keys(flow.steps)
      .filter((ref) => !from.has(ref))
      .map((at) => ({ at, message: 'no way leads to this step' }));
  },
};

/** P5: no branch stands in the shadow of an earlier one with the same condition; later, by walking, of any other. */
export const noShadow: FileRule = {
  id: 'P5',
  broken({ flow }) {
    return Object.values(flow.steps).flatMap(({ ref, next = [] }) => {
      const whens = next.map((branch) => JSON.stringify(branch.when));
      return whens.flatMap((when, i) =>
        whens.indexOf(when) === i
          ? []
          : [{ at: ref, message: `branch ${i + 1} stands in the shadow of branch ${whens.indexOf(when) + 1}` }],
      );
    });
  },
};

/** P6: walking the new session leads to the very question that was asked, also after it was stored as text. */
export const replay: MoveRule = {
  id: 'P6',
  broken({ small }, { effects, after, here, facts, before, fresh }) {
    const shown = effects.findLast((effect) => effect.do === 'ask' || effect.do === 'mark');
    const asked = shown?.do === 'ask' || shown?.do === 'mark' ? shown.step : null;
    const at = before.step?.ref ?? asked ?? '';
    if (asked !== (here.step?.ref ?? null)) return { at, message: `asks ${asked}, but walking leads to ${here.step?.ref ?? 'an end'}` };
    if (!fresh) return null;
    const stored = position(small, JSON.parse(JSON.stringify(after)), facts).step?.ref ?? null;
    return stored === asked ? null : { at, message: `asks ${asked}, but once stored it leads to ${stored}` };
  },
};

/** P7: every counter stops counting somewhere. */
export const countersStop: MoveRule = {
  id: 'P7',
  broken({ small }, { after, here }) {
    if (after.tries <= small.tries.max && after.page < 100 && after.marked.length <= 7) return null;
    return { at: here.step?.ref ?? '', message: 'a counter that never stops' };
  },
};

/** P8: help and language come back to the open question, stop ends without a question, back stays within this walk. */
export const interruptsWork: MoveRule = {
  id: 'P8',
  broken({ flow }, { node, input, before, after, here, effects, changed }) {
    // A closed programme may move somebody at the same moment.
    if (changed) return null;
    if (input.kind !== 'interrupt') return resumed({ node, input, before, after, here });
    const broken = (message: string) => ({ at: `interrupts.${input.name}`, message });
    const asked = before.main?.at ?? null;
    if (input.name === 'help' && !effects.some((effect) => effect.do === 'say')) return broken('HELP says nothing');
    if (input.name === 'help' && asked !== null && here.step?.ref !== asked) return broken(`HELP does not come back to ${asked}`);
    if (input.name === 'language' && !here.step?.language) return broken('LANGUAGE offers no languages');
    if (input.name === 'stop' && (after.done !== 'stopped' || here.step !== null)) return broken('STOP asks, or does not end');
    if (input.name === 'back' && node.session.done === null && ![node.session.from.step, flow.home, flow.entry].includes(after.from.step))
      return broken('BACK crosses a restart');
    return null;
  },
};

/** P8: a detour comes back or restarts; it never walks on to where the main walk begins. */
export const detoursComeBack: FileRule = {
  id: 'P8',
  broken({ flow, topics }) {
    const main = [flow.entry, flow.home];
    const aside = new Set(detours(flow, topics).flatMap((ref) => [...within(flow, ref)]));
    return [...aside].flatMap((ref) => {
      const step = flow.steps[ref];
      const lost = step !== undefined && arrows(step).some(({ to, by }) => by !== 'restart' && main.includes(to));
      return lost ? [{ at: ref, message: 'this leads to the main walk without a restart, and the open question waits for ever' }] : [];
    });
  },
};

/** What ends a detour without a restart leaves the open question as it was. */
function resumed({
  node,
  input,
  before,
  after,
  here,
}: Pick<Parameters<MoveRule['broken']>[1], 'node' | 'input' | 'before' | 'after' | 'here'>) {
  const was = node.session;
  if (input.kind !== 'answer' || was.detour === null || after.detour !== null || was.done !== null || after.done !== null) return null;
  // Where the world has led the main walk to a restart, nothing waits there to come back to.
  if (before.main !== null && before.main.at === null) return null;
  if (after.from.step !== was.from.step || after.from.picks !== was.from.picks) return null;
  const known = after.picks === was.picks && after.answers === was.answers;
  const same = here.step?.ref === before.main?.at && (known || mainMoved({ node, before }));
  return same ? null : { at: before.step?.ref ?? '', message: `leaving this detour does not come back to ${before.main?.at}` };
}

/** P9: the word for a person shows contacts at once, or leads to the open request. */
export const personIsNear: MoveRule = {
  id: 'P9',
  broken({ flow }, { node, input, effects, here }) {
    if (input.kind !== 'interrupt' || input.name !== 'human' || says(effects, 'contacts')) return null;
    const reply = flow.steps[flow.reply]?.file;
    if (node.open && here.step?.file === reply) return null;
    return { at: 'interrupts.human', message: 'asking for a person shows no contacts' };
  },
};
