// `/chat`: the conversation as a page that needs no script. Each form carries an id of its own, so a
// double tap, a reload or Back counts once; choices and text are two forms, so that Enter in the text
// can never press a button.
import express, { type Request, type Response, type Router } from 'express';
import { write } from '../http/html.ts';
import { sameSite } from '../http/same-site.ts';
import { codeOf } from '../log.ts';
import type { Body } from './channel.ts';
import { choiceOf } from './web-api.ts';
import { hinted, isPerson, newId, newPerson, type Web } from './web-exchange.ts';
import type { Entry } from './web-transcript.ts';
import { chatPage, leftPage, type PageWords } from './web-view.ts';

const days90 = 90 * 86_400_000;
const linkCode = /^[A-Za-z0-9_-]{1,64}$/;

export function makeWebPages(web: Web): Router {
  const router = express.Router();
  const local = web.publicUrl.startsWith('http://');
  const cookie = local ? 'chat' : '__Host-chat';
  const flags = { httpOnly: true, sameSite: 'lax', path: '/', secure: !local } as const;

  const personOf = (request: Request): string | null => {
    const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
    const value = pairs.find(([name]) => name === cookie)?.[1];
    return isPerson(value) ? value : null;
  };
  const hint = (request: Request) => hinted(web.languages, request.get('accept-language'));
  const wordsIn = (lang: string): PageWords => ({ lang, dir: web.direction(lang), text: (key) => web.text(lang, key) });
  const wordsFor = (request: Request, entries: Entry[]): PageWords => {
    const last = entries.findLast((entry) => entry.from === 'us');
    const lang = last?.from === 'us' ? last.lang : (hint(request) ?? web.languages[0] ?? 'en');
    return wordsIn(lang);
  };
  const send = (response: Response, status: number, page: Parameters<typeof write>[0]) => {
    response.status(status).set('Cache-Control', 'no-store').type('html').send(write(page));
  };
  const refuse = (request: Request, response: Response, status: number, key: string) => {
    const words = wordsFor(request, []);
    send(response, status, leftPage(words, words.text(key)));
  };

  /** Handles one message; null when that was not possible now. */
  const exchange = async (request: Request, person: string, id: string, body: Body, said?: string): Promise<Entry[] | null> => {
    try {
      return (await web.exchange(person, id, body, hint(request), said)).entries;
    } catch {
      return null;
    }
  };

  router.use('/chat', (_, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.use(
    '/chat',
    sameSite(web.publicUrl, (request, response) => refuse(request, response, 403, 'refused')),
  );

  /** A cookie of somebody we know, or may begin with: a made-up one is a new person, and counts as one. */
  const mayGoOn = async (request: Request, person: string): Promise<boolean> => {
    const known = await Promise.all([web.knows(person), web.transcripts.load(web.hash(person))]).catch(() => null);
    // Out of reach is not unknown: the exchange says so.
    return known === null || known.some(Boolean) || web.mayBegin(request.ip ?? '');
  };

  // Whoever only asks whether the page is there begins no conversation.
  router.head('/chat', (_, response) => void response.status(200).end());
  router.get('/chat', async (request, response) => {
    const known = personOf(request);
    const { ref } = request.query;
    if (typeof ref === 'string') {
      // Read once and taken out of the address: it shall not travel on in a bookmark or a screenshot.
      if (known === null && linkCode.test(ref) && web.mayBegin(request.ip ?? '')) {
        const person = newPerson();
        response.cookie(cookie, person, { ...flags, maxAge: days90 });
        await exchange(request, person, newId(), { kind: 'start', link: ref });
      }
      return response.redirect(303, '/chat');
    }
    const mayOpen = known === null ? web.mayBegin(request.ip ?? '') : await mayGoOn(request, known);
    if (!mayOpen) return refuse(request, response, 429, 'too-many');
    const person = known ?? newPerson();
    if (known === null) response.cookie(cookie, person, { ...flags, maxAge: days90 });
    const before = known === null ? undefined : await web.transcripts.load(web.hash(person)).catch(() => undefined);
    const quiet = before !== undefined && before.entries.length > 0;
    const body: Body = known === null ? { kind: 'start' } : { kind: 'open', ...(quiet ? { quiet: true as const } : {}) };
    const entries = await exchange(request, person, newId(), body);
    if (entries === null) return refuse(request, response, 503, 'problem');
    send(response, 200, chatPage(wordsFor(request, entries), entries, newId()));
  });

  router.post('/chat', express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 10 }), async (request, response) => {
    const form = (request.body ?? {}) as Record<string, unknown>;
    const person = personOf(request);
    if (person === null) return response.redirect(303, '/chat');
    if (!(await mayGoOn(request, person))) return refuse(request, response, 429, 'too-many');
    const id = typeof form['id'] === 'string' && /^[\w-]{1,64}$/.test(form['id']) ? form['id'] : newId();
    const text = typeof form['text'] === 'string' ? form['text'].slice(0, 4096) : '';
    const choice = typeof form['choice'] === 'string' ? form['choice'].slice(0, 64) : '';
    const body: Body | null =
      choice === '~go' ? { kind: 'start' } : choice !== '' ? choiceOf(choice) : text.trim() !== '' ? { kind: 'text', text } : null;
    if (body === null) return response.redirect(303, '/chat#new');
    const entries = await exchange(request, person, id, body, body.kind === 'text' ? text : undefined);
    if (entries === null) return refuse(request, response, 503, 'problem');
    response.redirect(303, '/chat#new');
  });

  router.post('/chat/leave', async (request, response) => {
    const person = personOf(request);
    response.clearCookie(cookie, flags);
    const before = person === null ? undefined : await web.transcripts.load(web.hash(person)).catch(() => undefined);
    const { lang } = wordsFor(request, before?.entries ?? []);
    // Out of the browser it is in any case; out of the store at the latest when the session would end.
    if (person !== null)
      await web.leave(person).catch((error) => web.log.error('somebody who left could not be forgotten at once', { code: codeOf(error) }));
    response.redirect(303, `/chat/left?in=${lang}`);
  });
  router.get('/chat/left', (request, response) => {
    const { in: asked } = request.query;
    const known = web.languages.find((lang) => lang === asked);
    const words = known === undefined ? wordsFor(request, []) : wordsIn(known);
    send(response, 200, leftPage(words, words.text('left')));
  });
  return router;
}
