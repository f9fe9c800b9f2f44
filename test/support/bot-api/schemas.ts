// The methods the bot may call and exactly the fields it may send: stricter than Telegram, which lets
// unknown fields pass. Messages are Telegram's own, so a refusal reads as the real one does.
import { z } from 'zod';

const chat = z.int('chat_id must be an Integer');
const message = z.int('message identifier is not specified').positive('message identifier is not specified');
const text = z
  .string('message text is empty')
  .refine((value) => value.trim() !== '', 'message text is empty')
  .refine((value) => value.length <= 4096, 'message is too long');
const bytes = (max: number) => (value: string) => value !== '' && Buffer.byteLength(value) <= max;

const button = z.strictObject({
  text: z
    .string('can\'t parse inline keyboard button: Field "text" must be of type String')
    .min(1, 'text buttons are unallowed in the inline keyboard'),
  callback_data: z.string('BUTTON_DATA_INVALID').refine(bytes(64), 'BUTTON_DATA_INVALID'),
});
const keyboard = z.strictObject({
  inline_keyboard: z
    .array(z.array(button).min(1, 'empty keyboard row').max(8, 'too many buttons in a row'))
    .refine((rows) => rows.flat().length <= 100, 'reply markup is too long'),
});
const preview = z.strictObject({ is_disabled: z.literal(true) });
const language = z.string().regex(/^([a-z]{2})?$/, 'invalid language code specified');

const updates = z.array(z.enum(['message', 'edited_message', 'callback_query', 'my_chat_member']));

export const methods = {
  getMe: z.strictObject({}),
  getUpdates: z.strictObject({
    offset: z.int().min(0, 'negative offsets forget updates').optional(),
    limit: z.int().min(1).max(100).optional(),
    timeout: z.int().min(0).max(50).optional(),
    allowed_updates: updates.optional(),
  }),
  sendMessage: z.strictObject({
    chat_id: chat,
    text,
    link_preview_options: preview.optional(),
    reply_markup: keyboard.optional(),
  }),
  editMessageText: z.strictObject({
    chat_id: chat,
    message_id: message,
    text,
    link_preview_options: preview.optional(),
    reply_markup: keyboard.optional(),
  }),
  editMessageReplyMarkup: z.strictObject({ chat_id: chat, message_id: message, reply_markup: keyboard.optional() }),
  answerCallbackQuery: z.strictObject({
    callback_query_id: z.string().min(1),
    text: z.string().max(200, 'MESSAGE_TOO_LONG').optional(),
    show_alert: z.boolean().optional(),
  }),
  sendChatAction: z.strictObject({ chat_id: chat, action: z.literal('typing', 'wrong parameter action in request') }),
  setMyCommands: z.strictObject({
    commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^[a-z0-9_]{1,32}$/, 'BOT_COMMAND_INVALID'),
          description: z.string().min(1, 'command description must be non-empty').max(256, 'BOT_COMMAND_DESCRIPTION_INVALID'),
        }),
      )
      .max(100, 'too many commands'),
    language_code: language.optional(),
  }),
  setMyDescription: z.strictObject({ description: z.string().max(512, 'description is too long'), language_code: language.optional() }),
  setMyShortDescription: z.strictObject({
    short_description: z.string().max(120, 'short description is too long'),
    language_code: language.optional(),
  }),
  leaveChat: z.strictObject({ chat_id: chat }),
  setWebhook: z.strictObject({
    url: z.url('bad webhook: invalid URL'),
    // Optional at Telegram; without it anybody could write in anybody's name.
    secret_token: z.string('a webhook without a secret').regex(/^[\w-]{1,256}$/, 'bad webhook: secret token contains unallowed characters'),
    max_connections: z.int().min(1).max(100).optional(),
    allowed_updates: updates.optional(),
    drop_pending_updates: z.literal(false).optional(),
  }),
  getWebhookInfo: z.strictObject({}),
  // What waits at Telegram are people's words: never dropped.
  deleteWebhook: z.strictObject({ drop_pending_updates: z.literal(false).optional() }),
};

export type Method = keyof typeof methods;
export type Payload<M extends Method> = z.infer<(typeof methods)[M]>;

export const isMethod = (name: string): name is Method => Object.hasOwn(methods, name);

/** The payload of a call, or what is wrong with it: `field: message`, without what was sent. */
export function checkPayload(method: Method, sent: unknown): { payload: Record<string, unknown> } | { wrong: string[] } {
  const parsed = methods[method].safeParse(sent);
  if (parsed.success) return { payload: parsed.data };
  return { wrong: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`) };
}

/** Fields of a form arrive as text; those that are not text by their schema are JSON. */
export function fromForm(method: Method, fields: Record<string, string>): Record<string, unknown> {
  const shape: Record<string, z.ZodType> = methods[method].shape;
  const read = (name: string, value: string): unknown => {
    if (shape[name]?.safeParse(value).success !== false) return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, read(name, value)]));
}
