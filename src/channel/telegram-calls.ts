// The calls this bot makes, and the only file that knows grammY: of it the typed calls alone. Whatever
// goes wrong becomes a value here, for grammY's errors hold what was sent and the address holds the token.
import { Api, GrammyError } from 'grammy';
import type { LanguageCode } from 'grammy/types';
import type { CommandSet } from './telegram-commands.ts';
import { makeKeptAlive } from './telegram-fetch.ts';
import type { Button } from './telegram-send.ts';

/** What Telegram said to one call. Code 0: no answer came. */
export type Answer<T> = { ok: true; value: T } | { ok: false; code: number; description: string; retryAfter: number };

export type Webhook = { url: string; secret: string; connections: number };

export const allowedUpdates = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

const plain = { link_preview_options: { is_disabled: true } } as const;
const markup = (rows: Button[][]) => (rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {});
const speech = (language: string | null) => (language === null ? {} : { language_code: language as LanguageCode });

export function makeCalls(token: string, apiRoot: string) {
  const kept = makeKeptAlive();
  const api = new Api(token, { apiRoot: apiRoot.replace(/\/+$/, ''), timeoutSeconds: 35, fetch: kept.fetch });
  return {
    // grammY's type asks for its own kind of signal; at run time it takes any.
    me: (signal: AbortSignal) => answer(api.getMe(signal as never)),
    updates: (offset: number, limit: number, timeout: number, signal?: AbortSignal) =>
      answer(api.getUpdates({ offset, limit, timeout, allowed_updates: allowedUpdates }, signal as never)),
    /** What waits at Telegram is kept. */
    deleteWebhook: () => answer(api.deleteWebhook()),
    webhook: () => answer(api.getWebhookInfo()),
    setWebhook: ({ url, secret, connections }: Webhook) =>
      answer(api.setWebhook(url, { secret_token: secret, max_connections: connections, allowed_updates: allowedUpdates })),
    send: (chat: number, text: string, rows: Button[][]) => answer(api.sendMessage(chat, text, { ...plain, ...markup(rows) })),
    edit: (chat: number, id: number, text: string, rows: Button[][]) =>
      answer(api.editMessageText(chat, id, text, { ...plain, ...markup(rows) })),
    unbutton: (chat: number, id: number) => answer(api.editMessageReplyMarkup(chat, id)),
    acknowledge: (tap: string) => answer(api.answerCallbackQuery(tap)),
    typing: (chat: number) => answer(api.sendChatAction(chat, 'typing')),
    leave: (chat: number) => answer(api.leaveChat(chat)),
    setCommands: ({ language, commands }: CommandSet) => answer(api.setMyCommands(commands, speech(language))),
    setDescription: ({ language, description }: CommandSet) => answer(api.setMyDescription(description, speech(language))),
    setShort: ({ language, short }: CommandSet) => answer(api.setMyShortDescription(short, speech(language))),
    close: kept.close,
  };
}

export type Calls = ReturnType<typeof makeCalls>;

async function answer<T>(call: Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (!(error instanceof GrammyError)) return { ok: false, code: 0, description: '', retryAfter: 0 };
    return { ok: false, code: error.error_code, description: error.description, retryAfter: error.parameters.retry_after ?? 0 };
  }
}

/** No use in asking again: the token is refused, or somebody else polls with it. */
export const isFinal = (got: Answer<unknown>): boolean => !got.ok && [401, 404, 409].includes(got.code);

/** 3 s, doubled with each failure in a row, at most 30 s; never less than Telegram asks for. */
export const backOff = (failures: number, retryAfter = 0): number =>
  Math.max(Math.min(3_000 * 2 ** (failures - 1), 30_000), retryAfter * 1_000);

/** For the operator, in the health report. */
export function reasonOf(got: Answer<unknown> & { ok: false }): string {
  if (got.code === 0) return 'Telegram cannot be reached; trying again';
  if (got.code === 401 || got.code === 404) return 'Telegram refuses the token; stopped until TELEGRAM_BOT_TOKEN is right';
  if (got.code === 400 && /webhook/i.test(got.description)) return 'Telegram refuses PUBLIC_URL as the address of a webhook; trying again';
  if (got.code !== 409) return `Telegram answers ${got.code}; trying again`;
  return /webhook/i.test(got.description)
    ? 'A webhook was set for this bot; stopped, start again to poll'
    : 'Another program polls with the same token; stopped so that both do not answer';
}

/** Ends early when the signal does. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}
