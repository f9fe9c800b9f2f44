// The pages of a link. A code that was made up, taken back or is over gives the plain neutral start, and
// nothing here begins a conversation: that happens only when somebody writes.
import express, { type Request, type Response, type Router } from 'express';
import { type Safe, write } from '../http/html.ts';
import { countOpening } from '../store/partners.ts';
import { lookUp } from './code.ts';
import { goPage } from './page.ts';
import { pointsPage } from './points-page.ts';
import { posterPage, sizes } from './poster.ts';
import { pngFile, svgFile } from './qr.ts';
import { type Links, languageOf } from './words.ts';

/** A link without a good code still leads somewhere: here. */
const neutral = '/go';

export function makeLinks(links: Links): Router {
  const router = express.Router();
  const send = (response: Response, lang: string, page: Safe) =>
    response.set('Cache-Control', 'no-store').set('Content-Language', lang).vary('Accept-Language').type('html').send(write(page));

  /** The good code of this address with its partner; null is the neutral start. */
  async function good(request: Request): Promise<{ code: string; bare: string; name: string } | null> {
    const text = String(request.params['code'] ?? '');
    if (text === '') return null;
    const found = await lookUp(links.keep, links.index, text, links.now());
    if ('refused' in found) {
      links.log.info('a link leads to the neutral start', { code: found.refused });
      return null;
    }
    return { code: text.toLowerCase(), bare: found.code, name: found.name };
  }
  const addressOf = (found: { code: string } | null) => `${links.publicUrl}${found === null ? neutral : `${neutral}/${found.code}`}`;

  router.get(['/go', '/go/:code'], async (request, response) => {
    const found = await good(request);
    const lang = languageOf(links, request);
    // Another language of the same page is not another person.
    if (found !== null && request.method === 'GET' && request.query['in'] === undefined) await countOpening(links.keep, found.bare, lang);
    send(response, lang, goPage(links, lang, found?.code ?? null, found?.name ?? null));
  });
  router.get(['/poster', '/go/:code/poster'], async (request, response) => {
    const lang = languageOf(links, request);
    const size = sizes.find((one) => one === request.query['size']) ?? 'a4';
    send(response, lang, posterPage(links, lang, size, addressOf(await good(request))));
  });
  router.get('/go/:code/qr.svg', async (request, response) => {
    response
      .type('image/svg+xml')
      .attachment('qr.svg')
      .send(svgFile(addressOf(await good(request))));
  });
  router.get('/go/:code/qr.png', async (request, response) => {
    response
      .type('image/png')
      .attachment('qr.png')
      .send(await pngFile(addressOf(await good(request))));
  });
  router.get(['/points', '/points/:country'], (request, response) => {
    const lang = languageOf(links, request);
    const asked = String(request.params['country'] ?? '');
    send(response, lang, pointsPage(links, lang, links.countries(lang).has(asked) ? asked : null));
  });
  return router;
}
