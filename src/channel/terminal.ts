// The bot in a terminal: one line is one message. Numbers instead of buttons, as on WhatsApp, and the
// same lines in always give the same lines out.
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { capabilities } from './capabilities.ts';
import type { Channel, Health } from './channel.ts';

const person = 'terminal';

/** Ends when the input ends; `start` resolves then. */
export function makeTerminal(input: Readable, output: Writable, language: string | undefined): Channel {
  let health: Health = { state: 'off' };
  const lines = createInterface({ input, terminal: false });
  return {
    name: 'terminal',
    capabilities: capabilities.terminal,
    async start(receive) {
      health = { state: 'ready' };
      const common = { channel: 'terminal' as const, person, ...(language === undefined ? {} : { language }) };
      let count = 0;
      const arrived = (body: { kind: 'start' } | { kind: 'text'; text: string }) => {
        count += 1;
        return receive({ ...common, id: `t${count}`, sentAt: 0, body });
      };
      await arrived({ kind: 'start' });
      for await (const line of lines) if (line.trim() !== '') await arrived({ kind: 'text', text: line });
      health = { state: 'off' };
    },
    async send(_, message) {
      output.write(`${message.text}\n\n`);
      return { sent: true };
    },
    health: () => health,
    async stop() {
      lines.close();
    },
  };
}
