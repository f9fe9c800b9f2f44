// An essential story, told with the real product that is killed right after its n-th lasting step: while it
// starts, between consent and handoff, while a case system elsewhere claims it and its words go out, the
// person's come in, and all is erased. Each telling begins on a copy of the same data.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { chosenTypes, insideTypes } from '../../src/handoff/outside.ts';
import { sign } from '../../src/handoff/sign.ts';
import { addEndpoint, type Wished } from '../../src/store/endpoints.ts';
import { transact } from '../../src/store/transact.ts';
import { traces } from './canary.ts';
import type { Ground, Grounds } from './grounds.ts';
import { brokenOn } from './invariants.ts';
import { type Answer, cases, insistently, type Product, startProduct, token } from './product.ts';
import { startReceiver } from './receiver.ts';
import { keyOf } from './stores.ts';
import { toGate } from './ways.ts';

const toConsent = [...toGate, 'me', 'adult', 'shelter', 'no', 'no', 'me', 'yes'];
export const words = { 'words of the person': 'quince-lantern-said', 'words of the desk': 'quince-lantern-replied' };
const [said, replied] = Object.values(words) as [string, string];
/** Ten times what a killed process may keep others from an event. */
const patience = 600_000;

/** Data of somebody who has a consent before them, and a case system elsewhere that hears of everything. */
export async function prepare(grounds: Grounds) {
  const { first } = grounds;
  const receiver = await startReceiver({ now: Date.now });
  const aside = `${first.folder}-aside`;
  const settings = { SEAL_KEY: keyOf(1), ENDPOINT_LOOPBACK: 'on', NODE_COMPILE_CACHE: join(aside, 'compiled'), ...inEnglish(aside) };
  const stores = await first.open();
  const wished: Wished = {
    ...{ name: 'Elsewhere', organisation: 'own', url: receiver.url, types: [...chosenTypes], accepts: [...insideTypes] },
    ...{ payload: 'thin', protection: false, language: 'en' },
  };
  const endpoint = await transact(stores.keep, (tx) => addEndpoint(tx, stores.seal, wished, Date.now()));
  receiver.state.secrets = [endpoint.secret];
  await stores.close();
  const product = await startProduct(first.folder, { ...settings, ...first.settings });
  let answer = await insistently(product.url, {});
  for (const [i, code] of toConsent.entries())
    answer = await insistently(product.url, { conversation: answer.conversation, reply: { id: `p${i}`, choice: choiceIn(answer, code) } });
  await product.end('SIGTERM');
  const remove = async () => {
    await receiver.stop();
    rmSync(aside, { recursive: true, force: true });
  };
  return { settings, receiver, answer, endpoint, remove };
}

/** The shipped content in one language, because it is read very often here. */
function inEnglish(folder: string) {
  const [flows, locales] = [join(folder, 'flows'), join(folder, 'locales')];
  cpSync('flows', flows, { recursive: true });
  const common = join(flows, 'common.yaml');
  writeFileSync(common, readFileSync(common, 'utf8').replace(/^languages: .*$/m, 'languages: [en]'));
  for (const name of ['en', 'sources.json']) cpSync(join('locales', name), join(locales, name), { recursive: true });
  return { FLOWS_DIR: flows, LOCALES_DIR: locales };
}

function choiceIn(answer: Answer, code: string): string {
  const choice = answer.messages.flatMap((one) => one.choices).find((one) => one.id.endsWith(`.${code}`));
  if (choice === undefined) throw new Error(`no ${code} under ${answer.messages.at(-1)?.text}`);
  return choice.id;
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** Whether the kill came before the story was over. */
export async function story(
  ground: Ground,
  { settings: common, receiver, answer: begun, endpoint }: Prepared,
  n: number,
): Promise<boolean> {
  const settings = { ...common, ...ground.settings };
  receiver.forgets();
  let kills = 0;
  const after = () => {
    kills += 1;
    return startProduct(ground.folder, settings);
  };
  let product: Product = await startProduct(ground.folder, { ...settings, CRASH_AT: String(n), NODE_ENV: 'test' }).catch(after);
  /** Again, under the same id, until there is an answer. */
  const insist = async <T>(ask: (url: string) => Promise<T>): Promise<T> => {
    for (const until = performance.now() + patience; ; ) {
      try {
        return await ask(product.url);
      } catch (error) {
        if (performance.now() > until) throw error;
        if (product.gone()) product = await after();
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  };
  const sees = (holds: (url: string) => Promise<boolean>) =>
    insist(async (url) => {
      if (!(await holds(url))) throw new Error('not yet');
    });
  const { conversation } = begun;
  const replies = (id: string, reply: object) => insist((url) => asked(url, { conversation, reply: { id, ...reply } }));
  try {
    const receipt = await replies('r1', { choice: choiceIn(begun, 'yes') });
    const ref = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(textOf(receipt))?.[0];
    expect([n, ref]).toEqual([n, expect.any(String)]);
    await sees(async (url) => (await cases(url)).length === 1);
    const [{ id } = { id: '' }] = await insist(cases);
    await insist((url) => elsewhereSays(url, endpoint, 'case.claimed', { case_id: id, seq: 1 }));
    await insist((url) => elsewhereSays(url, endpoint, 'message.send', { case_id: id, seq: 2, text: replied }));
    await sees(async (url) => (await page(url, conversation)).includes(replied));
    await replies('r2', { text: said });
    await sees(async (url) => (await desk(url, `/cases/${id}`)).includes(said));
    const whole = JSON.parse(await insist((url) => desk(url, `/cases/${id}`)));
    expect([n, whole.ref, whole.kind, whole.consent.kind]).toEqual([n, ref, 'talk', 'talk']);
    const heard = whole.messages.map((one: Record<string, unknown>) => one['text']);
    expect([n, heard.toSorted()]).toEqual([n, [replied, said]]);
    const acts = whole.history.map((one: Record<string, unknown>) => one['action']);
    expect([n, acts.filter((one: unknown) => one === 'case.claimed')]).toEqual([n, ['case.claimed']]);
    // An erasure beats whatever still waits; until then each event arrives, after a lease of a minute at the latest.
    await sees(async () => receiver.effects.some((one) => one.type === 'case.opened'));
    const asks = await replies('r3', { text: 'DELETE' });
    await replies('r4', { choice: choiceIn(asks, 'delete-all') });
    await sees(async (url) => (await desk(url, `/cases/${id}`)).includes('"status":"erased"'));
    await sees(async () => receiver.effects.some((one) => one.type === 'case.erased'));
    expect([n, await insist((url) => page(url, conversation))]).toEqual([n, expect.not.stringContaining(said)]);
  } finally {
    await product.end('SIGKILL');
  }
  expect([n, kills]).toEqual([n, expect.toBeOneOf([0, 1])]);
  expect([n, receiver.effects.filter((one) => one.type === 'case.opened').length]).toEqual([n, 1]);
  const stores = await ground.open();
  expect([n, await brokenOn(stores, receiver.effects)]).toEqual([n, []]);
  for (const table of ['addresses', 'consents', 'kept', 'messages'] as const)
    expect([n, table, await stores.keep.selectFrom(table).selectAll().execute()]).toEqual([n, table, []]);
  await stores.close();
  expect([n, traces(words, ground.files())]).toEqual([n, []]);
  return kills > 0;
}

const textOf = (answer: Answer) => answer.messages.map((one) => one.text).join('\n');

/** An answer; forgotten people are answered 404. */
async function asked(url: string, body: object): Promise<Answer> {
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status === 404) return { conversation: '', messages: [] };
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return (await response.json()) as Answer;
}

/** What the person sees. */
const page = async (url: string, conversation: string) =>
  (await fetch(`${url}/chat`, { headers: { cookie: `chat=${conversation}` }, signal: AbortSignal.timeout(10_000) })).text();

/** What the desk answers. */
async function desk(url: string, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1${path}`, { headers, signal: AbortSignal.timeout(10_000) });
  if (response.status > 299) throw new Error(`status ${response.status}`);
  return response.text();
}

/** The case system elsewhere, under an id of its own. */
async function elsewhereSays(
  url: string,
  { id, secret }: Prepared['endpoint'],
  type: string,
  data: { case_id: string; seq: number; text?: string },
) {
  const body = Buffer.from(JSON.stringify({ type, timestamp: new Date().toISOString(), version: 1, data }));
  const headers = { ...sign([secret], `evt_${data.seq}`, body, Date.now()), 'content-type': 'application/json' };
  const answer = await fetch(`${url}/hooks/in/${id}`, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) });
  if (answer.status > 202) throw new Error(`status ${answer.status}`);
}
