// The whole product in a test's hands, one life after the other on the same stores in memory: people at
// their phones, a desk, a case system elsewhere. The next life begins as the service does.
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../src/channel/channel.ts';
import type { Entry } from '../../src/channel/web-transcript.ts';
import { chosenTypes, insideTypes } from '../../src/handoff/outside.ts';
import { watch } from '../../src/store/crash.ts';
import { addEndpoint, type Wished } from '../../src/store/endpoints.ts';
import { transact } from '../../src/store/transact.ts';
import { makeElsewhere } from './elsewhere.ts';
import { begin, type Faults, type Life } from './life.ts';
import { noon } from './talk.ts';

export type Sandbox = Awaited<ReturnType<typeof makeSandbox>>;

/** A case system of the own organisation hears of everything and may say everything; gives the secret it checks signatures with. */
async function register({ world: { keep, seal } }: Life, now: number): Promise<string> {
  const wished: Wished = {
    ...{ name: 'Elsewhere', organisation: 'own', url: 'http://127.0.0.1/hook', types: [...chosenTypes] },
    ...{ accepts: [...insideTypes], payload: 'thin', protection: false, language: 'en' },
  };
  return (await transact(keep, (tx) => addEndpoint(tx, seal, wished, now))).secret;
}

type Copied = {
  faults: Faults;
  clock: { at: number };
  elsewhere: Parameters<typeof makeElsewhere>[0];
  seen: Map<string, Message[]>;
  copyTo(to: readonly string[]): void;
};

/** `from`: everything is as it is there at this moment; what happens in one of them does not happen in the other. */
export async function makeSandbox(from?: Copied) {
  const name = randomUUID();
  const path = (store: string) => `file:${name}-${store}?mode=memory&cache=shared`;
  const paths = { keep: path('keep'), keys: path('keys'), forget: path('forget') };
  // As long as somebody has them open the stores stay, however many lives come and go.
  const anchors = Object.values(paths).map((one) => new DatabaseSync(one));
  from?.copyTo(Object.values(paths));
  const faults: Faults = {
    ...{ asked: 0, lasting: 0, killAfter: 0, failAt: 0, failFor: 1, aside: false },
    lines: from === undefined ? { cases: 'sound', messages: 'sound', elsewhere: 'sound' } : { ...from.faults.lines },
    slow: () => null,
  };
  const clock = { at: from?.clock.at ?? noon };
  const logged: string[] = [];
  const elsewhere = makeElsewhere(from?.elsewhere);
  const seen = new Map<string, Message[]>(from?.seen);
  const shown = (person: string, message: Message) => {
    const screen = seen.get(person) ?? [];
    seen.set(person, [...screen, message]);
  };
  const given = { paths, clock, logged, faults, elsewhere, shown };
  let life: Life = await begin(given);
  let rising: Promise<void> | null = null;
  if (from === undefined) elsewhere.secrets.push(await register(life, clock.at));

  const box = {
    faults,
    clock,
    logged,
    elsewhere,
    life: () => life,
    /** What the page shows of the talk. */
    shows(person: string, entries: readonly Entry[]) {
      const said = entries.flatMap((one): Message[] =>
        one.from === 'us' ? [{ id: one.id, text: one.text, language: one.lang, direction: one.dir, choices: one.choices }] : [],
      );
      seen.set(person, said);
    },
    screen: (person: string): Message[] => seen.get(person) ?? [],
    /** The next fault counts from here. */
    arm(fault: Partial<Faults>) {
      Object.assign(faults, { asked: 0, lasting: 0, killAfter: 0, failAt: 0, failFor: 1, slow: () => null }, fault);
    },
    dead: () => life.mine.dead,
    /** A look at the stores that no fault disturbs. */
    async look<T>(work: (life: Life) => Promise<T>): Promise<T> {
      faults.aside = true;
      return work(life).finally(() => {
        faults.aside = false;
      });
    },
    /** Every row of every store, as it lies there. */
    dump(): string[] {
      return anchors.flatMap((anchor) =>
        anchor
          .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
          .all()
          .flatMap(({ name: table }) =>
            anchor
              .prepare(`SELECT * FROM "${table}"`)
              .all()
              .map((row) => JSON.stringify(row)),
          ),
      );
    },
    seen,
    copyTo(to: readonly string[]) {
      for (const [i, anchor] of anchors.entries()) anchor.exec(`VACUUM INTO '${to[i]}'`);
    },
    /** A new process on the same stores; whoever asks meanwhile waits for the same one. */
    again(): Promise<void> {
      rising ??= (async () => {
        await life.end();
        box.arm({});
        life = await begin(given);
        await life.start();
      })().finally(() => {
        rising = null;
      });
      return rising;
    },
    async end() {
      await life.end();
      watch(null);
      for (const anchor of anchors) anchor.close();
    },
  };
  return box;
}
