// WhatsApp put together: its browser, its folder below DATA_DIR, and the little it keeps between starts.
import { join } from 'node:path';
import { makeWhatsapp, type Whatsapp } from '../channel/whatsapp.ts';
import { findBrowser, isProgram } from '../channel/whatsapp-browser.ts';
import type { Mark } from '../channel/whatsapp-inbox.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Sealed } from '../store/sessions.ts';

const browserOf = (config: Config): string | null => config.WHATSAPP_CHROMIUM ?? findBrowser(config.surroundings['PATH'] ?? '');

/** What keeps WhatsApp from starting at all. */
export function whatsappFindings(config: Config): string[] {
  if (config.WHATSAPP === 'off') return [];
  const browser = browserOf(config);
  if (browser === null) return ['WHATSAPP_CHROMIUM: no Chromium on PATH; install one or name it here'];
  return isProgram(browser) ? [] : [`WHATSAPP_CHROMIUM: ${browser} cannot be run`];
}

type Given = {
  config: Config;
  log: Log;
  hash(text: string): string;
  /** Blind key of a person's chat. */
  keyOf(person: string): string;
  marks: Sealed<Mark>;
  /** Under another id of somebody: the one they are known by. */
  links: Sealed<string>;
  isOutage(error: unknown): boolean;
  onPairing(code: string | null): void;
};

export function openWhatsapp({ config, log, hash, keyOf, marks, links, isOutage, onPairing }: Given): Whatsapp {
  return makeWhatsapp({
    chromium: browserOf(config) ?? '',
    args: config.WHATSAPP_CHROMIUM_ARGS,
    profile: join(config.DATA_DIR, 'whatsapp'),
    page: config.WHATSAPP_PAGE_CACHE,
    environment: { ...config.surroundings },
    log,
    hash,
    now: Date.now,
    isOutage,
    onPairing,
    marks: {
      load: (person) => marks.load(keyOf(person)),
      save: (person, mark) => marks.save(keyOf(person), mark),
      forget: (person) => marks.forget(keyOf(person)),
    },
    links: { load: (id) => links.load(keyOf(id)), save: (id, person) => links.save(keyOf(id), person) },
  });
}
