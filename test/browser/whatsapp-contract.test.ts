// The contract of channels, run by WhatsApp: the unmodified library in a real Chromium before a stand-in of
// its site. One browser for all of it; each sentence has people of its own.
import { describe } from 'vitest';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { contract, failing, type Line, numbered, numberOf, type Phone } from '../channel/contract.ts';
import { needs } from '../support/parts.ts';
import { makeWorld } from '../support/talk.ts';
import { makeBot, profileFolder } from '../support/whatsapp/channel.ts';
import { startSite } from '../support/whatsapp/site.ts';

const file = { directPath: '/v/t62/file', mediaKey: 'k', filehash: 'h', mimetype: 'image/jpeg' };
const media: Record<string, object> = {
  ...Object.fromEntries(['image', 'video', 'sticker', 'document', 'ptt', 'audio'].map((type) => [type, file])),
  ...Object.fromEntries(['location', 'vcard', 'poll_creation', 'payment', 'unknown'].map((type) => [type, {}])),
};

async function open(): Promise<Line> {
  const site = await startSite();
  const profile = profileFolder();
  const { world, clock, logged } = await makeWorld({ channel: 'whatsapp', choices: 'numbers' });
  const fault = { fails: 0 };
  let replies = makeReplies(world.log);
  let bot = makeBot(site.args, profile.path);
  let people = 0;
  const line: Line = {
    world,
    fault,
    media: Object.keys(media),
    channel: () => bot.channel,
    replies: () => replies,
    logged: () => [...logged, ...bot.lines].join(''),
    complaints: () => [
      ...site.told.filter(({ kind }) => kind === 'refused' || kind === 'download').map(({ kind }) => kind),
      ...site.others,
    ],
    async start() {
      replies = makeReplies(world.log);
      bot = makeBot(site.args, profile.path, { links: bot.links });
      const receive = failing(makeReceive(world, bot.channel, replies), fault);
      await bot.channel.start(receive);
      if (site.loads() === 0) {
        await bot.code();
        await site.ask('scan');
      }
      await bot.ready();
    },
    async stop() {
      await bot.channel.stop();
      replies.stop();
    },
    async close() {
      await line.stop();
      site.close();
      profile.remove();
    },
    async phone() {
      people += 1;
      const person = `1555900${String(people).padStart(4, '0')}@c.us`;
      const screen = () => site.sentTo(person);
      // A chat is marked as seen when all of it was handled and answered.
      const done = () => site.until(() => site.unread(person) === 0, 'it is answered');
      const deliver = (message: object) => {
        clock.at += 3_000;
        site.deliver({ from: person, ...message });
      };
      const says = (body: string) => {
        deliver({ body });
        return done();
      };
      await says('hello');
      const phone: Phone = {
        person,
        says,
        writes: (body) => deliver({ body, fresh: false }),
        chooses: (label) => says(numberOf(screen().at(-1), label)),
        screen,
        options: () => numbered(screen().at(-1)),
        sends(type) {
          deliver({ type, ...media[type] });
          return done();
        },
        looks: async () => {},
      };
      return phone;
    },
  };
  await line.start();
  return line;
}

describe.skipIf(needs('chromium'))('WhatsApp in a real browser', () => {
  contract('by the contract of channels', { keeps: true, redelivers: true, many: true, reaches: 'at once' }, open);
});
