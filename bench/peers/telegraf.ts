// A telegraf WizardScene with a durable session.
import { type Context, Scenes, session, Telegraf } from 'telegraf';
import { receipt } from '../script.ts';
import { answerAt, keyboard, postCase, questions } from './questions.ts';
import { serve } from './serve.ts';
import { openStore } from './store.ts';

type State = { answers?: string[] };
type Ctx = Scenes.WizardContext;

const store = await openStore();
const bot = new Telegraf<Ctx>(process.env['BENCH_TOKEN'] ?? '', {
  telegram: { apiRoot: process.env['BENCH_ROOT'] ?? '', webhookReply: false },
});
const ask = (ctx: Context, at: number) => ctx.reply(questions[at]?.text ?? '', { reply_markup: { inline_keyboard: keyboard(at) } });

const steps = questions.map((_, at) => async (ctx: Ctx) => {
  if (ctx.callbackQuery !== undefined) await ctx.answerCbQuery();
  const data = ctx.callbackQuery !== undefined && 'data' in ctx.callbackQuery ? ctx.callbackQuery.data : undefined;
  const text = ctx.message !== undefined && 'text' in ctx.message ? ctx.message.text : undefined;
  const code = answerAt(at, text, data);
  if (code === null) return;
  const state = ctx.wizard.state as State;
  state.answers = [...(state.answers ?? []), code];
  if (at + 1 < questions.length) {
    await ask(ctx, at + 1);
    ctx.wizard.next();
    return;
  }
  await postCase(ctx.chat?.id ?? 0, state.answers);
  await ctx.reply(`${receipt}: 7K4-2PD`);
  await ctx.scene.leave();
});
const begin = async (ctx: Ctx) => {
  await ask(ctx, 0);
  ctx.wizard.next();
};
const wizard = new Scenes.WizardScene<Ctx>('register', begin, ...steps);
const stage = new Scenes.Stage<Ctx>([wizard]);
bot.use(
  session({
    store: {
      get: (key: string) => store.read(key) as Promise<never>,
      set: (key: string, value: unknown) => store.write(key, value),
      delete: (key: string) => store.delete(key),
    },
  }),
);
bot.use(stage.middleware());
bot.command('start', (ctx) => ctx.scene.enter('register'));
await serve(bot.webhookCallback('/telegram'), (url) => bot.telegram.setWebhook(url));
