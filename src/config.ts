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
  HANDOFF_URL: z.url().optional(),
  MESSAGES_URL: z.url().optional(),
  HANDOFF_SECRET: z
    .string()
    .transform((text) => text.split(' '))
    .pipe(z.array(secret).min(1).max(2))
    .optional(),
  DESK_API_TOKEN: z.string().min(24).optional(),
  DESK_API_PROTECTION: onOff('off'),
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
});

export type Config = Readonly<Omit<z.infer<typeof settings>, 'PUBLIC_URL'> & { PUBLIC_URL: string }>;

/** Settings of the contract that this version does not act on yet: asking for them must not pass in silence. */
const later = ['REDIS_URL', 'DATABASE_URL', 'TELEGRAM_MODE', 'WHATSAPP', 'ROLE'] as const;
const inert: Record<string, string> = { TELEGRAM_MODE: 'polling', WHATSAPP: 'off', ROLE: 'all' };

/** The settings, or every finding at once. An empty value counts as not set. */
export function readConfig(environment: Record<string, string | undefined>): Config | { findings: string[] } {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(set);
  const findings = parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  for (const name of later)
    if (set[name] !== undefined && set[name] !== inert[name]) findings.push(`${name}: not supported by this version yet; leave it unset`);
  if (set['CRASH_AT'] !== undefined && set['NODE_ENV'] !== 'test') findings.push('CRASH_AT: only with NODE_ENV=test');
  if (!parsed.success || findings.length > 0) return { findings };
  const config = parsed.data;
  return Object.freeze({ ...config, PUBLIC_URL: (config.PUBLIC_URL ?? `http://localhost:${config.PORT}`).replace(/\/$/, '') });
}
