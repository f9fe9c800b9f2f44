// Every setting, validated at once. The only reader of the environment: whoever needs a value gets
// it handed over, so a test can run with any of them.
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
const onOff = (fallback: 'on' | 'off') => z.enum(['on', 'off']).default(fallback);
const days = (fallback: number, max: number) =>
  z.coerce
    .number()
    .int()
    .min(fallback === 0 ? 0 : 1)
    .max(max)
    .default(fallback);
const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'whsec_ and base64 of at least 24 bytes');
const key = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, '32 bytes in base64');

/** Nothing for operators: refused unless NODE_ENV=test. */
const onlyInTests = { CRASH_AT: z.coerce.number().int().min(1).optional() };

const settings = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().optional(),
  TRUST_PROXY: z.coerce.number().int().min(0).max(5).default(0),
  DATA_DIR: z.string().default('./data'),
  FLOWS_DIR: z.string().default('./flows'),
  LOCALES_DIR: z.string().default('./locales'),
  WEB_CHAT: onOff('on'),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{20,}$/, 'the token BotFather gave')
    .optional(),
  TELEGRAM_API_ROOT: z.url().default('https://api.telegram.org'),
  TELEGRAM_MODE: z.enum(['polling', 'webhook']).default('polling'),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'letters, digits, _ and -, at most 256')
    .optional(),
  WHATSAPP: onOff('off'),
  WHATSAPP_CHROMIUM: z.string().optional(),
  WHATSAPP_CHROMIUM_ARGS: z
    .string()
    .default('')
    .transform((text, found) => {
      const words = shellWords(text);
      const message = words === null ? 'a quote is not closed' : refusedArgument(words);
      if (message !== null) found.addIssue({ code: 'custom', message });
      return words ?? [];
    }),
  WHATSAPP_PAGE_CACHE: z
    .string()
    .regex(/^none$|^.+:[\w.-]+$/, 'none, or FOLDER:VERSION')
    .default('none')
    .transform((text) =>
      text === 'none' ? null : { folder: text.slice(0, text.lastIndexOf(':')), version: text.slice(text.lastIndexOf(':') + 1) },
    ),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'redis://… or rediss://…')
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^/]+\/[^/]+$/, 'postgres://user:password@host:port/database')
    .optional(),
  ROLE: z.enum(['all', 'bot', 'desk']).default('all'),
  HANDOFF_URL: z.url().optional(),
  MESSAGES_URL: z.url().optional(),
  HANDOFF_SECRET: z
    .string()
    .transform((text) => text.split(' '))
    .pipe(z.array(secret).min(1).max(2))
    .optional(),
  DESK_API_TOKEN: z.string().min(24).optional(),
  DESK_API_PROTECTION: onOff('off'),
  ENDPOINT_HOSTS: z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
    .pipe(z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'host names separated by commas')))
    .optional(),
  ENDPOINT_LOOPBACK: onOff('off'),
  DESK_TARGET_MINUTES: z
    .string()
    .regex(/^[1-9]\d{0,4},[1-9]\d{0,4},[1-9]\d{0,4}$/, 'three numbers of minutes: urgent,high,normal')
    .default('60,480,2880')
    .transform((text) => {
      const [urgent = 0, high = 0, normal = 0] = text.split(',').map(Number);
      return { urgent, high, normal };
    }),
  SMTP_URL: z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '',
      'smtp://… or smtps://…',
    )
    .optional(),
  NOTICE_FROM: z.email().optional(),
  SEAL_KEY: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(key).min(1))
    .optional(),
  MODE: z.enum(['demo', 'production']).default('demo'),
  SESSION_TTL_HOURS: z.coerce.number().min(0.01).max(24).default(24),
  CONTACT_UNANSWERED_DAYS: days(14, 30),
  CASE_UNCLAIMED_DAYS: days(30, 30),
  CASE_IDLE_DAYS: days(90, 365),
  CASE_CLOSED_DAYS: days(0, 90),
  ...onlyInTests,
});

export type Config = Readonly<
  Omit<z.infer<typeof settings>, 'PUBLIC_URL'> & {
    PUBLIC_URL: string;
    /** What a browser needs of the environment: no setting of ours, no key and no token. */
    surroundings: Readonly<Record<string, string>>;
  }
>;

/** The settings, or every finding at once. An empty value counts as not set. */
export function readConfig(environment: Record<string, string | undefined>): Config | { findings: string[] } {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(set);
  const findings = parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  if (parsed.success) findings.push(...roleFindings(parsed.data));
  const unreachable = parsed.success ? webhookFinding(parsed.data) : null;
  if (unreachable !== null) findings.push(unreachable);
  if ((set['SMTP_URL'] === undefined) !== (set['NOTICE_FROM'] === undefined)) findings.push('SMTP_URL, NOTICE_FROM: both or neither');
  if (set['CRASH_AT'] !== undefined && set['NODE_ENV'] !== 'test') findings.push('CRASH_AT: only with NODE_ENV=test');
  if (!parsed.success || findings.length > 0) return { findings };
  const config = parsed.data;
  const surroundings = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (surrounding.test(name) ? [[name, value ?? '']] : [])),
  );
  return Object.freeze({
    ...config,
    PUBLIC_URL: (config.PUBLIC_URL ?? `http://localhost:${config.PORT}`).replace(/\/$/, ''),
    surroundings,
  });
}

/** Telegram brings updates only over TLS and to four ports; a Bot API server of one's own has no such rule. */
function webhookFinding({ TELEGRAM_MODE, TELEGRAM_API_ROOT, PUBLIC_URL }: z.infer<typeof settings>): string | null {
  if (TELEGRAM_MODE === 'polling' || new URL(TELEGRAM_API_ROOT).hostname !== 'api.telegram.org') return null;
  const url = new URL(PUBLIC_URL ?? 'http://localhost');
  if (url.protocol !== 'https:') return 'PUBLIC_URL: TELEGRAM_MODE=webhook needs an https address';
  return ['', '80', '88', '8443'].includes(url.port) ? null : 'PUBLIC_URL: Telegram brings messages only to the ports 443, 80, 88 and 8443';
}

/** Half of the product has to know the other half, and to be known by it. */
function roleFindings(given: z.infer<typeof settings>): string[] {
  const { ROLE } = given;
  if (ROLE === 'all') return [];
  const needed = ['HANDOFF_SECRET', ROLE === 'bot' ? 'HANDOFF_URL' : 'MESSAGES_URL'] as const;
  return needed.filter((name) => given[name] === undefined).map((name) => `${name}: ROLE=${ROLE} needs it`);
}

const surrounding = /^(PATH|HOME|TMPDIR|TZ|LANG|LC_\w+|XDG_\w+|FONTCONFIG_\w+|LD_LIBRARY_PATH)$/;

/** Words as a shell would split them: quotes and backslashes, nothing else. Null when a quote is not closed. */
function shellWords(text: string): string[] | null {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [word] = /^(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/s.exec(rest) ?? [];
    if (word === undefined) return null;
    const part = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs;
    words.push(word.replace(part, (_, one, single, double) => one ?? single ?? double.replace(/\\(["\\$`])/g, '$1')));
    rest = rest.slice(word.length);
    if (rest !== '' && !/^\s/.test(rest)) return null;
    rest = rest.trim();
  }
  return words;
}

/** Arguments that would let others read the chats. */
function refusedArgument(words: string[]): string | null {
  if (words.some((word) => word.startsWith('--remote-debugging-')))
    return '--remote-debugging-… would open the chats to others on this machine';
  if (words.some((word) => word.startsWith('--user-data-dir'))) return '--user-data-dir: the profile lies in DATA_DIR';
  const careless = words.some((word) => word.startsWith('--ignore-certificate-errors'));
  // The first rule that fits counts, and a proxy would follow none of them.
  const [rules = '', ...more] = words.filter((word) => /^--(host-resolver-rules|host-rules|proxy)/.test(word));
  const local = more.length === 0 && /^--host-resolver-rules=MAP (web\.whatsapp\.com|\*)(:443)? 127\.0\.0\.1(:\d+)?(,|$)/.test(rules);
  return careless && !(local && !/EXCLUDE (?!127\.0\.0\.1|localhost)/i.test(rules))
    ? '--ignore-certificate-errors only with web.whatsapp.com mapped to 127.0.0.1, for tests'
    : null;
}
