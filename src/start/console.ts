// The desk's side put together: what its rooms need, as one plain object.
import type { Config } from '../config.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../log.ts';
import { makeIndex } from '../store/seal.ts';
import type { Content } from '../text/content.ts';
import { answerWords } from '../text/labels.ts';
import { newId, type Stores } from './stores.ts';

export function makeConsole(config: Config, { flow, catalog }: Content, stores: Stores, log: Log, wake: () => void): Desk {
  return {
    keep: stores.keep,
    seal: stores.seal,
    auditKey: stores.auditKey,
    secrets: stores.secrets,
    log,
    now: () => new Date(),
    newId,
    text: (lang, key, values) => catalog.text(lang, 'console', key, values),
    linkText: (lang, key) => catalog.text(lang, 'link', key),
    index: makeIndex(stores.indexKey),
    answer: (lang, item, value) => answerWords(flow, catalog, lang, item, value),
    direction: catalog.direction,
    languages: flow.languages,
    mode: config.MODE,
    publicUrl: config.PUBLIC_URL,
    apiToken: config.DESK_API_TOKEN,
    apiProtection: config.DESK_API_PROTECTION === 'on',
    closedDays: config.CASE_CLOSED_DAYS,
    addresses: { hosts: config.ENDPOINT_HOSTS ?? null, loopback: config.ENDPOINT_LOOPBACK === 'on' },
    wake,
  };
}
