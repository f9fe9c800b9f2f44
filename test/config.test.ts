// The settings of channels: WhatsApp's browser, read as a shell would and refused where it would let others
// in, and Telegram's webhook, refused where nothing could arrive.
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

const read = (settings: Record<string, string>) => {
  const config = readConfig(settings);
  return 'findings' in config ? config.findings : config;
};
const local = "'--host-resolver-rules=MAP web.whatsapp.com:443 127.0.0.1:8443, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'";

describe('an operator of WhatsApp', () => {
  it('leaves it off unless they turn it on', () => {
    expect(read({})).toMatchObject({ WHATSAPP: 'off', WHATSAPP_CHROMIUM_ARGS: [], WHATSAPP_PAGE_CACHE: null });
  });

  it('writes arguments as for a shell', () => {
    const args = String.raw`--a  '--b=x y' --c="d \"e\"" f\ g`;
    expect(read({ WHATSAPP_CHROMIUM_ARGS: args })).toMatchObject({ WHATSAPP_CHROMIUM_ARGS: ['--a', '--b=x y', '--c=d "e"', 'f g'] });
    expect(read({ WHATSAPP_CHROMIUM_ARGS: "--a 'b" })).toEqual(['WHATSAPP_CHROMIUM_ARGS: a quote is not closed']);
  });

  it.for([
    '--ignore-certificate-errors',
    "--ignore-certificate-errors '--host-resolver-rules=MAP web.whatsapp.com 192.0.2.1'",
    `--ignore-certificate-errors ${local} --proxy-server=192.0.2.1:3128`,
    `--ignore-certificate-errors ${local} '--host-resolver-rules=MAP a b'`,
    "--ignore-certificate-errors '--host-resolver-rules=MAP web.whatsapp.com 127.0.0.1, EXCLUDE web.whatsapp.com'",
    '--ignore-certificate-errors-spki-list=abc',
    '--remote-debugging-port=9222',
    '--user-data-dir=/tmp/other',
  ])('cannot let others read the chats by %s', (args) => {
    expect(read({ WHATSAPP_CHROMIUM_ARGS: args })).toEqual([expect.stringMatching(/^WHATSAPP_CHROMIUM_ARGS: --/)]);
  });

  it('may use a certificate of their own on this machine, for tests', () => {
    expect(read({ WHATSAPP_CHROMIUM_ARGS: `--ignore-certificate-errors ${local}` })).not.toBeInstanceOf(Array);
  });

  it('may keep to a stored page', () => {
    expect(read({ WHATSAPP_PAGE_CACHE: '/pages:2.3000.1' })).toMatchObject({
      WHATSAPP_PAGE_CACHE: { folder: '/pages', version: '2.3000.1' },
    });
    expect(read({ WHATSAPP_PAGE_CACHE: '/pages' })).toEqual(['WHATSAPP_PAGE_CACHE: none, or FOLDER:VERSION']);
  });

  it('hands the browser no key and no token', () => {
    const config = read({
      PATH: '/bin',
      HOME: '/home/bot',
      SEAL_KEY: Buffer.alloc(32).toString('base64'),
      TELEGRAM_BOT_TOKEN: `1:${'x'.repeat(30)}`,
    });
    expect(config).toMatchObject({ surroundings: { PATH: '/bin', HOME: '/home/bot' } });
    expect(Object.keys((config as { surroundings: object }).surroundings)).toEqual(['PATH', 'HOME']);
  });
});

describe('an operator of Telegram', () => {
  const webhook = { TELEGRAM_MODE: 'webhook', TELEGRAM_BOT_TOKEN: `1:${'x'.repeat(30)}` };

  it('gets polling unless they ask for a webhook', () => {
    expect(read({})).toMatchObject({ TELEGRAM_MODE: 'polling' });
    expect(read({ TELEGRAM_MODE: 'both' })).toEqual([expect.stringMatching(/^TELEGRAM_MODE: /)]);
  });

  it.for(['http://help.example.org', 'https://help.example.org:3000', ''])('is told that Telegram brings nothing to "%s"', (PUBLIC_URL) => {
    expect(read({ ...webhook, PUBLIC_URL })).toEqual([expect.stringMatching(/^PUBLIC_URL: /)]);
  });

  it.for(['https://help.example.org', 'https://help.example.org:8443'])('may have messages brought to %s', (PUBLIC_URL) => {
    expect(read({ ...webhook, PUBLIC_URL })).toMatchObject({ TELEGRAM_MODE: 'webhook' });
  });

  it('may use a Bot API server of their own without TLS', () => {
    expect(read({ ...webhook, TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' })).toMatchObject({ TELEGRAM_MODE: 'webhook' });
  });

  it.for(['with space', 'ümlaut', 'x'.repeat(257)])('cannot take a secret that Telegram would refuse: %s', (secret) => {
    expect(read({ TELEGRAM_WEBHOOK_SECRET: secret })).toEqual([expect.stringMatching(/^TELEGRAM_WEBHOOK_SECRET: /)]);
  });
});

describe('an operator of notices', () => {
  it('gives a mail server and a sender, or neither', () => {
    const both = { SMTP_URL: 'smtps://user:p%40ss@mail.example.org', NOTICE_FROM: 'desk@example.org' };
    expect(read(both)).toMatchObject(both);
    for (const one of ['SMTP_URL', 'NOTICE_FROM'] as const)
      expect(read({ [one]: both[one] })).toEqual(['SMTP_URL, NOTICE_FROM: both or neither']);
    for (const SMTP_URL of ['mail.example.org', 'https://mail.example.org', 'smtp://'])
      expect(read({ ...both, SMTP_URL })).toEqual(['SMTP_URL: smtp://… or smtps://…']);
    expect(read({ ...both, NOTICE_FROM: 'Desk <desk@example.org>' })).toEqual([expect.stringMatching(/^NOTICE_FROM: /)]);
  });
});
