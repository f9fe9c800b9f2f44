// A whole desk over real HTTP on a free port: stores in memory, a clock that stands still, our own
// console texts. Nothing of it is a stand-in except the words of coded answers, which the chat has.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../src/case/case.ts';
import { makeApi } from '../../src/desk/api.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { makeOutsideIn } from '../../src/desk/hook-in.ts';
import { makeErrorPage } from '../../src/desk/layout.ts';
import { makeHooksIn } from '../../src/desk/receive.ts';
import { makeDesk } from '../../src/desk/routes.ts';
import type { CaseEvent } from '../../src/handoff/contract.ts';
import { sign } from '../../src/handoff/sign.ts';
import { makeApp } from '../../src/http/app.ts';
import { makeLog } from '../../src/log.ts';
import { webhookId } from '../../src/store/outbox.ts';
import { addAccount, startSession } from '../../src/store/people.ts';
import { makeIndex } from '../../src/store/seal.ts';
import { transact } from '../../src/store/transact.ts';
import { loadCatalog } from '../../src/text/catalog.ts';
import { emptyKeep } from './keeps.ts';
import { testSeals } from './seals.ts';

export const token = 'token-of-the-desk-api-for-tests';
export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const start = Date.parse('2026-11-22T01:20:00Z');

export async function consoleTexts(languages = ['en', 'fr']) {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  for (const lang of languages) {
    mkdirSync(join(folder, lang));
    for (const file of ['console', 'link']) cpSync(join('locales', lang, `${file}.json`), join(folder, lang, `${file}.json`));
  }
  const { catalog, findings } = await loadCatalog(folder, languages);
  rmSync(folder, { recursive: true });
  if (findings.length > 0) throw new Error(findings.join('\n'));
  return catalog;
}

/** As in flows/common.yaml. */
const choices: Record<string, string[]> = {
  needs: ['health', 'pregnancy', 'disability', 'older-person', 'baby', 'none'],
  missing: ['sleep', 'food', 'water', 'nothing'],
  reach: ['chat', 'call'],
  hours: ['morning', 'afternoon', 'evening', 'any'],
  interpreter: ['none', 'this-language', 'another'],
  worker: ['woman', 'man', 'any'],
};

export type TestDesk = Awaited<ReturnType<typeof startDesk>>;

export async function startDesk(given: Partial<Desk> = {}) {
  const catalog = await consoleTexts();
  const lines: string[] = [];
  const clock = { now: start };
  const keep = await emptyKeep();
  const desk: Desk = {
    keep,
    seal: await testSeals(Buffer.alloc(32, 1)),
    auditKey: Buffer.alloc(32, 2),
    secrets: [secret],
    log: makeLog(
      (line) => lines.push(line),
      () => new Date(clock.now),
    ),
    now: () => new Date(clock.now),
    newId: () => randomBytes(10).toString('hex'),
    text: (lang, key, values) => catalog.text(lang, 'console', key, values),
    linkText: (lang, key) => catalog.text(lang, 'link', key),
    index: makeIndex(Buffer.alloc(32, 7)),
    answer: (lang, item, value) => ({ title: `${item} (${lang})`, value: [value ?? []].flat().join(', ') }),
    choices: (item) => choices[item] ?? [],
    returnConsent: (lang) => ({
      field: 'agree-return',
      version: 7,
      hash: '7e7e7e7e7e7e',
      lines: [`Before you decide (${lang})`, 'Yes', 'No'],
    }),
    officeOf: (country) => ({ by: 'minsk', pl: 'minsk', gr: 'gr' })[country ?? ''] ?? null,
    offices: ['gr', 'minsk'],
    organisations: () => [
      { id: 'unhcr', name: 'UNHCR', embassy: false },
      { id: 'embassy-of-elsewhere', name: 'Embassy of Elsewhere', embassy: true },
    ],
    programme: (country) => (country === 'by' ? [{ name: 'statuses', words: ['Foreigners without means, 2020 (B7)'] }] : []),
    targets: { urgent: 60, high: 480, normal: 2880 },
    direction: (lang) => (lang === 'ar' ? 'rtl' : 'ltr'),
    languages: ['en', 'fr'],
    mode: 'demo',
    publicUrl: 'http://localhost:3000',
    apiToken: token,
    apiProtection: false,
    addresses: { hosts: null, loopback: true },
    retention: { contact: 14, unclaimed: 30, idle: 90, closed: 0 },
    wake: () => {},
    ...given,
  };
  const app = makeApp({
    trustProxy: 0,
    log: desk.log,
    errorPage: makeErrorPage(desk),
    mount(server) {
      server.use('/hooks', makeHooksIn(desk), makeOutsideIn(desk));
      server.use('/api/v1', makeApi(desk));
      server.use('/desk', makeDesk(desk));
    },
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  desk.publicUrl = base;

  return {
    desk,
    base,
    clock,
    lines,
    /** Ends server and store. */
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await keep.destroy();
    },
    /** What the bot would post. */
    hook(event: object, headers: Record<string, string> = {}) {
      const body = Buffer.from(JSON.stringify(event));
      const { type, data } = event as CaseEvent;
      const signed = sign(desk.secrets, webhookId('cases', data.case_id, type, data.seq), body, clock.now);
      return fetch(`${base}/hooks/cases`, { method: 'POST', body, headers: { ...signed, 'content-type': 'application/json', ...headers } });
    },
    api(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
      return fetch(`${base}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
    },
    /** An account that is signed in; its cookie comes back. */
    async signedIn(name: string, roles: Role[], language = 'en') {
      const id = `a_${name.toLowerCase()}`;
      const cookie = await transact(keep, async (tx) => {
        await addAccount(tx, { id, login: name, name, password: 'unused', roles, language }, clock.now);
        return `desk=${await startSession(tx, id, clock.now)}`;
      });
      return { id, cookie };
    },
    get: (path: string, cookie = '') => fetch(`${base}${path}`, { redirect: 'manual', headers: { cookie } }),
    post: (path: string, cookie: string, form: Record<string, string | string[]> = {}, headers: Record<string, string> = {}) =>
      fetch(`${base}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin: base, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(
          Object.entries(form).flatMap(([key, value]) => [value].flat().map((one): [string, string] => [key, one])),
        ),
      }),
  };
}

/** What the API answers, all of it at once: a test looks at the part it asked for. */
export type Answer = {
  id: string;
  ref: string;
  status: string;
  version: number;
  priority: string;
  reasons: { code: string; label: string }[];
  answers: Record<string, unknown>;
  consent: Record<string, unknown>;
  messages: Record<string, unknown>[];
  notes: Record<string, unknown>[];
  history: { actor: string; action: string; detail: string }[];
  cases: Answer[];
  next: string | null;
  error: { code: string; message: string };
};
export const json = async (answer: Response): Promise<Answer> => (await answer.json()) as Answer;

const envelope = <D extends object>(type: string, data: D, at = start) => ({
  type,
  timestamp: new Date(at).toISOString(),
  version: 1,
  data,
});

/** The event of the contract, changed where a test needs it. */
export function opened(id: string, change: Record<string, unknown> = {}, at = start) {
  const kind = String(change['kind'] ?? 'return');
  const answers = kind === 'return' ? { 'gate/age': 'adult', 'gate/place': 'border', needs: ['baby'], missing: ['sleep'] } : {};
  const consent = {
    kind,
    field: { return: 'agree-return', talk: 'agree-talk', protection: 'agree-protect' }[kind],
    version: 5,
    language: 'fr',
    hash: '9b1c04aa72fe',
    at: '2026-11-22T01:19:41Z',
    covers: ['gate/*', 'needs', 'missing'],
  };
  return envelope(
    'case.opened',
    { case_id: id, ref: '7K4-2PD', seq: 1, kind, channel: 'telegram', language: 'fr', country: 'by', consent, answers, ...change },
    at,
  );
}

export const said = (id: string, seq: number, text: string, change: Record<string, unknown> = {}, at = start) =>
  envelope(
    'message.received',
    { case_id: id, seq, message_id: `m_${id.slice(2)}${seq}`, text, language: 'fr', urgent: false, ...change },
    at,
  );

export const told = (type: string, id: string, seq: number, data: object = {}, at = start) =>
  envelope(type, { case_id: id, seq, ...data }, at);
