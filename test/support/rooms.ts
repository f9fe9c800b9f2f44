// Which room may import what, as data. Imports only go down the six floors: a pure room can be read
// and proved without knowing any other, and no channel can reach a case.

export type Room = {
  /** Paths below src/ that belong to it; the longest match wins. */
  at: string[];
  floor: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  /** Rooms it may import. */
  rooms?: string[];
  /** Rooms it may import with `import type` only. */
  types?: string[];
  packages?: string[];
  /** Packages it may name with `import type` only. */
  packageTypes?: string[];
  /** A deviation from the first plan of the house. */
  why?: string;
};

/** start puts everything together for main and the tools; nobody imports these two. */
const everything = [
  ...['flow', 'channel types', 'config', 'log', 'case', 'text', 'http', 'proof', 'store', 'handoff', 'link', 'conversation', 'desk'],
  ...['telegram', 'whatsapp', 'web', 'terminal'],
];
const any = ['*'];

export const rooms: Record<string, Room> = {
  flow: { at: ['flow/'], floor: 0, packages: ['zod'] },
  'channel types': { at: ['channel/channel.ts', 'channel/capabilities.ts'], floor: 0 },
  config: { at: ['config.ts'], floor: 0, packages: ['zod'] },
  log: { at: ['log.ts'], floor: 0 },

  case: { at: ['case/'], floor: 1, types: ['flow'], packages: ['zod'] },
  text: {
    at: ['text/'],
    floor: 1,
    rooms: ['flow'],
    types: ['channel types'],
    packages: ['i18next', 'yaml', 'node:fs', 'node:path', 'node:crypto'],
    packageTypes: ['zod'],
    why: 'node:path joins folder and file names; the schemas of flow files come from flow, here only their type is named',
  },
  http: {
    at: ['http/'],
    floor: 1,
    rooms: ['log'],
    types: ['config'],
    packages: ['express', 'helmet', 'node:crypto', 'node:fs'],
    why: 'its own style sheets are read here and named by a hash; an error gets a random number to report it by',
  },

  proof: { at: ['proof/'], floor: 2, rooms: ['flow', 'text'], types: ['channel types'], packages: ['zod'] },
  store: {
    at: ['store/'],
    floor: 2,
    rooms: ['flow', 'case', 'log'],
    types: ['config'],
    packages: [
      'keyv',
      '@keyv/redis',
      'kysely',
      'pg',
      'node:sqlite',
      'node:fs',
      'node:path',
      'node:crypto',
      'node:events',
      'node:timers/promises',
    ],
    why: 'Keyv demands that a store adapter is an event emitter; a lease is asked for again after a moment; node:path joins folder and file names',
  },
  telegram: {
    at: ['channel/telegram'],
    floor: 2,
    rooms: ['http', 'log', 'channel types'],
    types: ['config'],
    packages: ['grammy', 'express', 'node:http', 'node:https', 'node:crypto'],
    why: 'its webhook reads a body of limited size with the parser of express, and compares the secret by hash',
  },
  whatsapp: {
    at: ['channel/whatsapp'],
    floor: 2,
    rooms: ['log', 'channel types'],
    types: ['config'],
    packages: ['whatsapp-web.js', 'node:child_process', 'node:fs', 'node:path', 'node:os', 'node:crypto'],
    why: 'the browser is found and its lock read by host name; pauses between messages vary by node:crypto',
  },
  web: {
    at: ['channel/web'],
    floor: 2,
    rooms: ['http', 'log', 'channel types'],
    types: ['config'],
    packages: ['express', 'zod', 'node:crypto'],
    why: 'its two routers read bodies with the parsers of express, within limits, and check them with zod',
  },
  terminal: {
    at: ['channel/terminal'],
    floor: 2,
    rooms: ['log', 'channel types'],
    types: ['config'],
    packages: ['node:readline'],
    packageTypes: ['node:stream'],
    why: 'its input and output come in as streams, so that a test can be the terminal',
  },

  handoff: {
    at: ['handoff/'],
    floor: 3,
    rooms: ['case', 'store', 'log'],
    types: ['config'],
    packages: ['zod', 'node:crypto', 'node:https', 'node:http', 'node:dns', 'node:net'],
    why: 'node:net knows which addresses are public',
  },
  link: {
    at: ['link/'],
    floor: 3,
    rooms: ['http', 'text', 'store', 'log'],
    types: ['config'],
    packages: ['express', 'qrcode'],
    why: 'its pages are a router of their own',
  },

  conversation: {
    at: ['conversation/'],
    floor: 4,
    rooms: ['flow', 'case', 'text', 'store', 'handoff', 'link', 'log'],
    types: ['channel types', 'config'],
  },
  desk: {
    at: ['desk/'],
    floor: 4,
    rooms: ['case', 'text', 'store', 'handoff', 'link', 'http', 'log'],
    types: ['flow', 'config'],
    packages: ['express', 'zod', 'node:crypto'],
  },

  start: {
    at: ['start/'],
    floor: 5,
    rooms: everything,
    packages: any,
    why: 'the service and the operator tools open the same stores; without this room main would be long and the tools would copy it',
  },
  main: { at: ['main.ts'], floor: 6, rooms: [...everything, 'start'], packages: any },
  tool: { at: ['tool/'], floor: 6, rooms: [...everything, 'start'], packages: any },
};

/** The room of a file, by its path below src/. */
export function roomOf(file: string): string | null {
  let best: [string, number] | null = null;
  for (const [name, room] of Object.entries(rooms))
    for (const start of room.at) if (file.startsWith(start) && start.length > (best?.[1] ?? 0)) best = [name, start.length];
  return best?.[0] ?? null;
}
