// What each channel can do: the one table that messages are rendered from. The conversation and the flows
// never ask which channel it is; a new channel is a row here and a folder of its own.
import type { Capabilities, ChannelName } from './channel.ts';

export const capabilities = {
  telegram: { choices: 'buttons', maxText: 4_096 },
  // Its buttons and lists are silently not delivered.
  whatsapp: { choices: 'numbers', maxText: 4_096 },
  web: { choices: 'buttons', maxText: 4_096 },
  terminal: { choices: 'numbers', maxText: 4_096 },
} as const satisfies Record<ChannelName, Capabilities>;
