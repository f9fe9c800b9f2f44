// The line to the child process: starts it, starts it again when it ends, and knows how WhatsApp is.
// Only here is a trouble mended, and always in the same way: a new process, sooner or later.
import { fork } from 'node:child_process';
import type { Log } from '../log.ts';
import type { Health } from './channel.ts';
import type { ChildOptions, Down, Outcome, Said, Up, Why } from './whatsapp-wire.ts';

export type LinePace = {
  /** After the first failure, doubled with each in a row up to the most. */
  soon: number;
  mostSoon: number;
  /** The same where haste does harm: a session held elsewhere, a number WhatsApp refuses. */
  slow: number;
  mostSlow: number;
  /** A child that says nothing for so long hangs. */
  silent: number;
  /** How long a child may take to close its browser. */
  end: number;
  /** A line that was ready for so long has recovered. */
  recovered: number;
};

export const linePace: LinePace = {
  soon: 1_000,
  mostSoon: 15_000,
  slow: 60_000,
  mostSlow: 600_000,
  silent: 60_000,
  end: 6_000,
  recovered: 60_000,
};

type LineRules = {
  options: ChildOptions;
  /** For child and browser: nothing of ours, no key and no token. */
  environment: Record<string, string>;
  pace: LinePace;
  log: Log;
  now(): number;
  heard(said: Said[]): void;
  /** A code to pair with; null when there is none any more. */
  pairing(qr: string | null): void;
  paired(): void;
};

type Call = Extract<Down, { call: number }>;
type WithoutCall<T> = T extends Call ? Omit<T, 'call'> : never;

/** Nothing is wrong: the next one starts at once. */
const atOnce: Why[] = ['planned', 'no-qr', 'logged-out'];
const slowly: Why[] = ['conflict', 'refused'];

export function makeLine(rules: LineRules) {
  const { pace, log, now } = rules;
  const calls = new Map<number, (outcome: Outcome) => void>();
  let child: ReturnType<typeof fork> | null = null;
  let health: Health = { state: 'off' };
  let lastCall = 0;
  let failures = 0;
  let loggedOut = false;
  let stopping = false;
  let readySince: number | null = null;
  let next: NodeJS.Timeout | undefined;
  let ended: Promise<void> = Promise.resolve();

  function become(state: Health['state'], reason?: string): void {
    if (state !== health.state || reason !== health.reason)
      log[state === 'down' ? 'error' : 'info']('channel.state', {
        channel: 'whatsapp',
        state,
        ...(reason === undefined ? {} : { code: reason }),
      });
    health = reason === undefined ? { state } : { state, reason };
  }

  function begin(): void {
    if (health.state !== 'down') become('starting', health.reason);
    const own = fork(new URL('./whatsapp-child.ts', import.meta.url), [], {
      execArgv: [],
      env: rules.environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child = own;
    let why: Why = 'crashed';
    let silence: NodeJS.Timeout | undefined;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        why = 'no-answer';
        own.kill('SIGKILL');
      }, pace.silent);
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    ended = promise;
    own.on('error', () => {});
    own.on('message', (up: Up) => {
      alive();
      if (up.kind === 'ending') why = up.why;
      hear(up);
    });
    own.once('exit', () => {
      clearTimeout(silence);
      if (child === own) child = null;
      resolve();
      over(why);
    });
    alive();
    tell({ do: 'begin', options: rules.options });
  }

  function hear(up: Up): void {
    if (up.kind === 'said') rules.heard(up.said);
    else if (up.kind === 'done') answer(up.call, up.outcome);
    else if (up.kind === 'trouble') log.warn('whatsapp.trouble', { channel: 'whatsapp', code: up.code });
    else if (up.kind === 'qr') pair(up.qr);
    else if (up.kind === 'state') phase(up.state);
  }

  function pair(qr: string): void {
    failures = 0;
    become(loggedOut ? 'down' : 'starting', loggedOut ? 'logged-out' : 'pairing');
    rules.pairing(qr);
  }

  function phase(state: 'ready' | 'starting' | 'unconnected'): void {
    if (stopping) return;
    if (state === 'ready') {
      loggedOut = false;
      readySince = now();
      rules.pairing(null);
      rules.paired();
      become('ready');
    } else if (state === 'unconnected') become('down', 'no-connection');
    else become('starting');
  }

  function over(why: Why): void {
    for (const call of [...calls.keys()]) answer(call, 'later');
    rules.pairing(null);
    if (stopping) {
      become('off');
      return;
    }
    if (readySince !== null && now() - readySince > pace.recovered) failures = 0;
    readySince = null;
    if (why === 'logged-out') loggedOut = true;
    const haste = !atOnce.includes(why);
    if (haste) failures += 1;
    log.warn('whatsapp.ended', { channel: 'whatsapp', code: why, count: failures });
    // One failure is mended in a moment; an operator hears of what lasts.
    if (loggedOut || slowly.includes(why) || failures > 1) become('down', loggedOut ? 'logged-out' : why);
    else become('starting', haste ? why : undefined);
    const [first, most] = slowly.includes(why) ? [pace.slow, pace.mostSlow] : [pace.soon, pace.mostSoon];
    next = setTimeout(begin, haste ? Math.min(first * 2 ** (failures - 1), most) : 0);
  }

  function answer(call: number, outcome: Outcome): void {
    calls.get(call)?.(outcome);
    calls.delete(call);
  }

  function tell(down: Down): void {
    if (child?.connected) child.send(down, () => {});
  }

  return {
    start: begin,
    health: () => health,
    ready: () => health.state === 'ready',
    tell,
    /** Resolves also when the child ends before it answers. */
    ask(down: WithoutCall<Call>): Promise<Outcome> {
      if (!child?.connected) return Promise.resolve('later');
      lastCall += 1;
      const call = lastCall;
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      calls.set(call, resolve);
      tell({ ...down, call });
      return promise;
    },
    async stop(): Promise<void> {
      stopping = true;
      clearTimeout(next);
      const own = child;
      if (own === null) {
        become('off');
        return;
      }
      tell({ do: 'end' });
      const late = setTimeout(() => own.kill('SIGKILL'), pace.end);
      await ended;
      clearTimeout(late);
    },
  };
}
