// The floor: a bare grammY webhook handler that answers a constant text and keeps nothing.
import { Bot, webhookCallback } from 'grammy';
import { serve } from './serve.ts';

const bot = new Bot(process.env['BENCH_TOKEN'] ?? '', { client: { apiRoot: process.env['BENCH_ROOT'] ?? '' } });
bot.on('message', (ctx) => ctx.reply('Hello. Please choose one of these answers, or write its number.'));
bot.on('callback_query', async (ctx) => {
  await ctx.answerCallbackQuery();
  await ctx.reply('Hello. Please choose one of these answers, or write its number.');
});
await bot.init();
await serve(webhookCallback(bot, 'http'), (url) => bot.api.setWebhook(url));
