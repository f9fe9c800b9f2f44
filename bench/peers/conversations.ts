// @grammyjs/conversations with a durable store.
import { type Conversation, type ConversationFlavor, conversations, createConversation } from '@grammyjs/conversations';
import { Bot, type Context, webhookCallback } from 'grammy';
import { receipt } from '../script.ts';
import { answerAt, keyboard, postCase, questions } from './questions.ts';
import { serve } from './serve.ts';
import { openStore } from './store.ts';

type Ctx = ConversationFlavor<Context>;

const store = await openStore();
const bot = new Bot<Ctx>(process.env['BENCH_TOKEN'] ?? '', { client: { apiRoot: process.env['BENCH_ROOT'] ?? '' } });

async function register(conversation: Conversation<Ctx, Context>, ctx: Context): Promise<void> {
  const answers: string[] = [];
  for (let at = 0; at < questions.length; ) {
    await ctx.reply(questions[at]?.text ?? '', { reply_markup: { inline_keyboard: keyboard(at) } });
    for (;;) {
      const next = await conversation.wait();
      if (next.callbackQuery !== undefined) await next.answerCallbackQuery();
      const code = answerAt(at, next.message?.text, next.callbackQuery?.data);
      if (code === null) continue;
      answers.push(code);
      at += 1;
      break;
    }
  }
  await conversation.external(() => postCase(ctx.chat?.id ?? 0, answers));
  await ctx.reply(`${receipt}: 7K4-2PD`);
}

bot.use(
  conversations({
    storage: {
      type: 'key',
      version: 0,
      getStorageKey: (ctx: Context) => ctx.chatId?.toString(),
      adapter: {
        read: (key: string) => store.read(key) as Promise<never>,
        write: (key: string, value: unknown) => store.write(key, value),
        delete: (key: string) => store.delete(key),
      },
    },
  }),
);
bot.use(createConversation(register));
bot.command('start', (ctx) => ctx.conversation.enter('register'));
await bot.init();
await serve(webhookCallback(bot, 'http'), (url) => bot.api.setWebhook(url));
