// The stores of the product in a folder of their own, as the service and the operator's tools open them.
import { type Config, readConfig } from '../../src/config.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { applyEvent } from '../../src/desk/from-bot.ts';
import type { CaseEvent } from '../../src/handoff/contract.ts';
import { makeLog } from '../../src/log.ts';
import { newId, openStores, type Stores } from '../../src/start/stores.ts';
import { makeIndex } from '../../src/store/seal.ts';
import { transact } from '../../src/store/transact.ts';
import { opened } from './desk.ts';

export const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

export function configOf(folder: string, settings: Record<string, string> = {}): Config {
  const config = readConfig({ DATA_DIR: folder, SEAL_KEY: keyOf(1), ...settings });
  if ('findings' in config) throw new Error(config.findings.join('\n'));
  return config;
}

/** The stores, or the findings as an error. */
export async function mustOpen(config: Config): Promise<Stores> {
  const stores = await openStores(config);
  if ('findings' in stores) throw new Error(stores.findings.join('\n'));
  return stores;
}

/** A desk on these stores, without pages and words. */
export function deskOn(stores: Pick<Stores, 'keep' | 'seal' | 'auditKey' | 'secrets' | 'indexKey'>, now: () => number): Desk {
  const clock = () => new Date(now());
  return {
    keep: stores.keep,
    seal: stores.seal,
    auditKey: stores.auditKey,
    secrets: stores.secrets,
    log: makeLog(() => {}, clock),
    now: clock,
    newId,
    text: (_, key) => key,
    linkText: (_, key) => key,
    index: makeIndex(stores.indexKey),
    answer: (_, item) => ({ title: item, value: '' }),
    direction: () => 'ltr',
    languages: ['en'],
    mode: 'demo',
    publicUrl: 'http://localhost',
    apiProtection: false,
    addresses: { hosts: null, loopback: false },
    retention: { contact: 14, unclaimed: 30, idle: 90, closed: 0 },
    choices: () => [],
    returnConsent: () => ({ field: 'agree-return', version: 1, hash: '', lines: [] }),
    officeOf: () => null,
    offices: [],
    programme: () => [],
    organisations: () => [],
    targets: { urgent: 60, high: 480, normal: 2880 },
    wake: () => {},
  };
}

/** A request arrives at the desk. */
export async function arrives(desk: Desk, id: string, change: Record<string, unknown> = {}): Promise<void> {
  const at = desk.now().getTime();
  const event = opened(id, change, at) as unknown as CaseEvent;
  await transact(desk.keep, (tx) => applyEvent(desk, tx, event, at));
}
