// A bot elsewhere asks whether somebody here can read protection requests. The answer is a status
// alone; who they are is nobody's business.
import express, { type Router } from 'express';
import { verify } from '../handoff/sign.ts';
import { problem } from '../http/problem.ts';
import { protectionStaff } from '../store/people.ts';
import type { Desk } from './desk.ts';

/** `POST /staff`, to be mounted at `/hooks`: 200 when somebody can, 204 when nobody can. */
export function makeStaffHook(desk: Desk): Router {
  const router = express.Router();
  router.post('/staff', express.raw({ type: () => true, limit: '1kb', inflate: false }), async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (verify(desk.secrets, request.headers, body, desk.now().getTime()) === null) return problem(response, 'unauthorized');
    response.status((await protectionStaff(desk.keep)) ? 200 : 204).end();
  });
  return router;
}
