// The bot as a web page and as JSON.
import type { Router } from 'express';
import type { Channel } from './channel.ts';
import { makeWebApi } from './web-api.ts';
import { makeExchange, type WebOptions } from './web-exchange.ts';
import { makeWebPages } from './web-page.ts';

export function makeWeb(options: WebOptions): { channel: Channel; pages: Router; api: Router } {
  const { channel, web } = makeExchange(options);
  return { channel, pages: makeWebPages(web), api: makeWebApi(web) };
}
