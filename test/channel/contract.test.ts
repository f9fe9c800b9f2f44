// The contract of channels, run by Telegram (both ways), the web chat and the terminal. WhatsApp needs a
// browser and runs it in test/browser/.
import { PassThrough } from 'node:stream';
import type { Receive } from '../../src/channel/channel.ts';
import { makeTelegram, type Telegram } from '../../src/channel/telegram.ts';
import { makeTerminal } from '../../src/channel/terminal.ts';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { makeApp } from '../../src/http/app.ts';
import { samples, startBotApi } from '../support/bot-api/server.ts';
import { makeWorld } from '../support/talk.ts';
import { startWeb } from '../support/web.ts';
import { contract, failing, type Line, numbered, numberOf, type Phone } from './contract.ts';

const soon = (ms: number) => new Promise<void>((go) => setTimeout(go, Math.min(ms, 5)));

async function telegram(webhook: boolean): Promise<Line> {
  const api = await startBotApi();
  const { world, clock, logged } = await makeWorld();
  const fault = { fails: 0 };
  let channel: Telegram | undefined;
  let replies = makeReplies(world.log);
  const app = makeApp({ trustProxy: 0, log: world.log, mount: (on) => on.use((...all) => channel?.router?.(...all)) });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((go) => server.once('listening', go));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/telegram`;
  const done = (id: number) => api.waitFor(() => !api.pending().includes(id), 'it to be confirmed');
  const line: Line = {
    world,
    fault,
    media: Object.keys(samples).filter((kind) => kind !== 'pinned'),
    channel: () => channel as Telegram,
    replies: () => replies,
    logged: () => logged.join(''),
    complaints: () => [...new Set(api.violations)],
    async start() {
      replies = makeReplies(world.log);
      channel = makeTelegram({
        ...{ token: api.token, apiRoot: api.root, log: world.log, hash: (text) => world.index('log', text), now: world.now },
        pace: { wait: soon, patienceMs: 15_000 },
        ...(webhook ? { webhook: { url, secret: 'of-the-contract' } } : {}),
      });
      await channel.start(failing(makeReceive(world, channel, replies), fault));
    },
    async stop() {
      await channel?.stop();
      replies.stop();
    },
    async close() {
      await line.stop();
      await api.close();
      server.closeAllConnections();
      server.close();
    },
    async phone() {
      const person = api.person({ language: 'en', name: 'Canary-Name' });
      const after = (act: () => number) => {
        clock.at += 3_000;
        return act();
      };
      const own = () => person.screen().filter(({ from }) => from === 'bot');
      await done(person.starts());
      const phone: Phone = {
        person: String(person.id),
        says: (text) => done(after(() => person.says(text))),
        writes: (text) => void after(() => person.says(text)),
        chooses: (label) => done(after(() => person.taps(label))),
        screen: () => own().map(({ text }) => text),
        options: () => own().at(-1)?.buttons.flat() ?? [],
        sends: (kind) => done(person.sends(samples[kind as keyof typeof samples])),
        looks: async () => {},
      };
      return phone;
    },
  };
  await line.start();
  return line;
}

contract('Telegram by polling', { keeps: true, redelivers: true, many: true, reaches: 'at once' }, () => telegram(false));
contract('Telegram by webhook', { keeps: true, redelivers: true, many: true, reaches: 'at once' }, () => telegram(true));

contract('the web chat', { keeps: false, redelivers: true, many: true, reaches: 'when they look' }, async () => {
  const fault = { fails: 0 };
  const web = await startWeb({ wrap: (receive) => failing(receive, fault) });
  type Shown = Awaited<ReturnType<typeof web.say>>['messages'];
  return {
    world: web.world,
    fault,
    media: [],
    channel: () => web.channel,
    replies: () => web.replies,
    logged: () => web.logged.join(''),
    complaints: () => [],
    start: async () => {},
    stop: async () => {},
    close: web.stop,
    async phone() {
      const first = await web.say({});
      const { conversation } = first;
      const shown: Shown = [...first.messages];
      let count = 0;
      /** A page sends the same form again until it is answered. */
      const send = async (reply?: object) => {
        count += 1;
        for (;;) {
          const answer = await web.say({ conversation, ...(reply === undefined ? {} : { reply: { id: `r${count}`, ...reply } }) });
          if (answer.error === undefined) return void shown.push(...answer.messages);
        }
      };
      const last = () => shown.at(-1);
      return {
        person: conversation,
        says: (text) => send({ text: text.slice(0, 4_096) }),
        writes: () => {},
        chooses: (label) => send({ choice: last()?.choices.find((one) => one.label === label)?.id ?? '' }),
        screen: () => shown.map(({ text }) => text),
        options: () => last()?.choices.map((one) => one.label) ?? [],
        sends: async () => {},
        looks: () => send(),
      };
    },
  };
});

contract('the terminal', { keeps: false, redelivers: false, many: false, reaches: 'never' }, async () => {
  const { world, clock, logged } = await makeWorld({ channel: 'terminal', choices: 'numbers' });
  const replies = makeReplies(world.log);
  let channel = makeTerminal(new PassThrough(), new PassThrough(), 'en');
  return {
    world,
    fault: { fails: 0 },
    media: [],
    channel: () => channel,
    replies: () => replies,
    logged: () => logged.join(''),
    complaints: () => [],
    start: async () => {},
    stop: async () => {},
    close: () => channel.stop(),
    async phone() {
      await channel.stop();
      // The next one at the keyboard is nobody we know.
      const key = world.index('person', 'terminal', 'terminal');
      await world.sessions.forget(key);
      await world.keep.deleteFrom('addresses').execute();
      const input = new PassThrough();
      const shown: string[] = [];
      const output = new PassThrough();
      output.on('data', (part: Buffer) => shown.push(part.toString().trimEnd()));
      channel = makeTerminal(input, output, 'en');
      let handled = 0;
      const receive = makeReceive(world, channel, replies);
      const counted: Receive = async (incoming) => {
        await receive(incoming);
        handled += 1;
      };
      void channel.start(counted);
      const until = async (count: number) => {
        while (handled < count) await soon(1);
        await soon(1);
      };
      await until(1);
      const says = async (text: string) => {
        clock.at += 3_000;
        const lines = text.split('\n').filter((one) => one.trim() !== '').length;
        const before = handled;
        input.write(`${text}\n`);
        await until(before + lines);
      };
      return {
        person: 'terminal',
        says,
        writes: () => {},
        chooses: (label) => says(numberOf(shown.at(-1), label)),
        screen: () => shown,
        options: () => numbered(shown.at(-1)),
        sends: async () => {},
        looks: async () => {},
      };
    },
  };
});
