// `POST /api/chat`: the conversation as JSON, for programs and tests. No cookie is read; the
// conversation's id is the person.
import express, { type Response, type Router } from 'express';
import { z } from 'zod';
import { problem } from '../http/problem.ts';
import type { Body, Message } from './channel.ts';
import { hinted, isPerson, newId, newPerson, type Web } from './web-exchange.ts';

export const asked = z.strictObject({
  conversation: z.string().max(60).optional(),
  link: z.string().max(64).optional(),
  reply: z
    .strictObject({
      id: z
        .string()
        .regex(/^[\w-]{1,64}$/)
        .optional(),
      choice: z.string().max(64).optional(),
      text: z.string().max(4096).optional(),
    })
    .refine(({ choice, text }) => (choice === undefined) !== (text === undefined), 'either a choice or a text')
    .optional(),
});

export function makeWebApi(web: Web): Router {
  const router = express.Router();
  router.post('/api/chat', express.json({ limit: '32kb', strict: true, type: () => true }), async (request, response) => {
    response.set('Cache-Control', 'no-store');
    const parsed = z.safeParse(asked, request.body ?? {});
    if (!parsed.success) return problem(response, 'invalid');
    const { conversation, reply, link } = parsed.data;
    const language = hinted(web.languages, request.get('accept-language'));
    if (conversation === undefined) {
      if (reply !== undefined) return problem(response, 'invalid');
      if (!web.mayBegin(request.ip ?? '')) return problem(response, 'too_many');
      return answer(web, response, newPerson(), newId(), { kind: 'start', ...(link === undefined ? {} : { link }) }, language);
    }
    if (!isPerson(conversation) || !(await web.knows(conversation))) return problem(response, 'not_found');
    if (reply === undefined) return answer(web, response, conversation, newId(), { kind: 'open' }, language);
    const id = reply.id ?? newId();
    if (reply.text !== undefined) return answer(web, response, conversation, id, { kind: 'text', text: reply.text }, language, reply.text);
    return answer(web, response, conversation, id, choiceOf(reply.choice ?? ''), language);
  });
  return router;
}

async function answer(
  web: Web,
  response: Response,
  conversation: string,
  id: string,
  body: Body,
  language?: string,
  said?: string,
): Promise<void> {
  try {
    let { messages } = await web.exchange(conversation, id, body, language, said);
    // A reply of long ago that comes again is not answered anew; where the talk stands now is.
    if (messages.length === 0) messages = (await web.exchange(conversation, newId(), { kind: 'open' }, language)).messages;
    response.json({ conversation, messages: messages.map(shown) });
  } catch {
    problem(response, 'unavailable');
  }
}

/** `<stamp>.<code>`; what has no such form is a button of nowhere, and is told so. */
export function choiceOf(id: string): Body {
  const dot = id.indexOf('.');
  return dot < 1 ? { kind: 'choice', stamp: '', code: '' } : { kind: 'choice', stamp: id.slice(0, dot), code: id.slice(dot + 1) };
}

const shown = ({ id, text, language, direction, choices }: Message) => ({ id, text, lang: language, dir: direction, choices });
