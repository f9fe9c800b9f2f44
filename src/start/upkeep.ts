// What has to be done every hour and at start: retention, erasures a kill interrupted, keys that seal
// nothing any more, the head of the log made known. And once, after SEAL_KEY changed, keys wrapped anew.
import { finishErasures as finishAtBot } from '../conversation/erase.ts';
import type { World } from '../conversation/world.ts';
import type { Desk } from '../desk/desk.ts';
import { finishErasures as finishAtDesk } from '../desk/erase.ts';
import { forgetOutside } from '../desk/outside-acts.ts';
import { type Stay, sweep } from '../desk/sweep.ts';
import type { Gauge } from '../http/health.ts';
import { codeOf, type Log } from '../log.ts';
import { headOf } from '../store/audit.ts';
import { dropSpareKeys } from '../store/erase.ts';
import { resealOwnKeys } from '../store/keep.ts';
import { forgetHandled } from '../store/outbox.ts';
import type { Content } from '../text/content.ts';
import { watchClock } from './clock.ts';
import type { Outside } from './outside.ts';
import type { Stores } from './stores.ts';

const hour = 3_600_000;

/** `desk` and `world` are null where the other half of the product is elsewhere. */
type Given = {
  content: Content;
  stores: Stores;
  desk: Desk | null;
  world: World | null;
  wake: () => void;
  log: Log;
  outside: Outside | null;
};

/** Days each thing may stay: the settings, and the `keep` of each field. */
function stayOf({ retention }: Pick<Desk, 'retention'>, { flow }: Pick<Content, 'flow'>): Stay {
  const keeps = Object.entries(flow.fields).flatMap(([item, field]) =>
    'keep' in field && field.keep !== undefined ? [[item, Number.parseInt(field.keep, 10)] as const] : [],
  );
  return { ...retention, keeps: Object.fromEntries(keeps) };
}

export function startUpkeep({ content, stores, desk, world, wake, log, outside }: Given) {
  const { keep, seal } = stores;
  const stay = desk && stayOf(desk, content);
  const clock = watchClock(Date.now, () => performance.now());
  let headAt = 0;

  const steps: [name: string, work: () => Promise<unknown>][] = [
    ['erasures could not be finished', async () => void (await Promise.all([desk && finishAtDesk(desk), world && finishAtBot(world)]))],
    ['requests could not be ended in time', async () => void (clock.held() || (desk && stay && (await sweep(desk, stay))))],
    ['handled ids could not be forgotten', () => forgetHandled(keep, Date.now())],
    ['ids of outside systems could not be forgotten', async () => void (desk && (await forgetOutside(desk)))],
    ['spare keys could not be dropped', () => dropSpareKeys(keep, seal, 'desk', Date.now())],
    ['spare keys could not be dropped', () => dropSpareKeys(keep, seal, 'bot', Date.now())],
    [
      'the head of the log could not be told',
      async () => {
        if (desk === null) return;
        const { seq, mac } = await headOf(keep);
        log.info('audit.head', { count: seq, code: mac });
        headAt = Date.now();
        await outside?.publish(seq, mac);
      },
    ],
    ['deleted bytes could not be moved out', () => stores.settle()],
  ];
  const run = async () => {
    const jumped = clock.jump();
    if (jumped !== 0) log.error('the clock was set; nothing is erased by age for a day', { ms: jumped });
    for (const [name, work] of steps) await work().catch((error) => log.error(name, { code: codeOf(error) }));
    wake();
  };
  const rotate = async () => {
    await resealOwnKeys(keep, seal);
    const count = await seal.rewrap();
    if (count > 0) log.info('keys are wrapped by the new SEAL_KEY', { count });
  };
  const timer = setInterval(() => void run(), hour);
  timer.unref();
  void rotate()
    .catch((error) => log.error('keys could not be wrapped anew', { code: codeOf(error) }))
    .then(run);

  return {
    stop: () => clearInterval(timer),
    figures: (): Gauge[] => [
      {
        name: 'avr_audit_head_seconds',
        help: 'Since the head of the log was last made known',
        value: headAt === 0 ? 0 : Math.max(0, Math.floor((Date.now() - headAt) / 1000)),
      },
      { name: 'avr_clock_held', help: '1 while nothing is erased by age because the clock was set', value: clock.held() ? 1 : 0 },
    ],
  };
}
