// The desk's router, built from the table of `access.ts`: before the first account only the set-up
// link exists, then everybody needs a session and a role, and every change comes from our own pages.
import express, { type Request, type Response, type Router } from 'express';
import { sameSite } from '../http/same-site.ts';
import { type Account, anyAccount } from '../store/people.ts';
import { may, type Name, table } from './access.ts';
import * as posts from './case-posts.ts';
import { showChannels } from './channels-page.ts';
import type { Desk } from './desk.ts';
import * as one from './endpoint-page.ts';
import { addOne, showEndpoints } from './endpoints-page.ts';
import { askErase, eraseNow } from './erase-page.ts';
import { exportRequests, showExport } from './export-page.ts';
import { find } from './find-page.ts';
import { sendError } from './layout.ts';
import { makeLive } from './live.ts';
import { showLog } from './log-page.ts';
import * as me from './me-page.ts';
import { addLink, revokeLink, showPartners } from './partners-page.ts';
import { disable, dropTheirCode, invite, limitOffices, showPeople, signOutAll } from './people-page.ts';
import { showQueue } from './queue-page.ts';
import * as record from './record-posts.ts';
import { dropToken, guestLanguage, languageOf, readToken, whoIs } from './session.ts';
import { mountSignIn, showSignIn } from './sign-in.ts';
import { showStatistics, statisticsFile } from './statistics-page.ts';

type Handler = (desk: Desk, request: Request, response: Response, account: Account) => Promise<void>;

/** Whoever has no queue begins where they have something to do. */
const home: Handler = async (desk, request, response, account) => {
  if (may(account.roles, 'case')) return showQueue(desk, request, response, account);
  response.redirect(303, may(account.roles, 'people') ? '/desk/people' : '/desk/log');
};

const handlers: Record<Exclude<Name, 'live'>, Handler> = {
  home,
  case: (desk, request, response, account) => posts.showCase(desk, request, response, account),
  claim: posts.claim,
  release: posts.release,
  reply: posts.reply,
  note: posts.note,
  reveal: posts.reveal,
  appoint: record.appoint,
  missed: posts.missed,
  close: posts.close,
  assign: record.assign,
  refer: record.refer,
  take: record.take,
  'turn-back': record.turnBack,
  level: record.level,
  heard: record.heard,
  confirm: record.confirm,
  share: record.share,
  embassy: record.embassy,
  return: record.openReturn,
  'erase-ask': (desk, request, response, account) => askErase(desk, request, response, account),
  erase: eraseNow,
  export: (desk, request, response, account) => showExport(desk, request, response, account),
  'export-file': exportRequests,
  statistics: showStatistics,
  'statistics-file': statisticsFile,
  find,
  offices: limitOffices,
  people: (desk, request, response, account) => showPeople(desk, request, response, account),
  invite,
  disable,
  'sign-out-all': signOutAll,
  'code-off': dropTheirCode,
  me: (desk, request, response, account) => me.showMe(desk, request, response, account),
  'me-end': me.endMine,
  'me-end-others': me.endMine,
  'me-code-new': me.newCode,
  'me-code-confirm': me.confirmCode,
  'me-code-drop': me.dropCode,
  'me-notices': me.setNotices,
  partners: (desk, _, response, account) => showPartners(desk, response, account),
  addLink,
  revokeLink,
  channels: (desk, _, response, account) => showChannels(desk, response, account),
  endpoints: (desk, _, response, account) => showEndpoints(desk, response, account),
  'endpoint-add': addOne,
  endpoint: one.showEndpoint,
  'endpoint-test': one.testEndpoint,
  'endpoint-pause': one.pauseEndpoint,
  'endpoint-resume': one.resumeEndpoint,
  'endpoint-rotate': one.rotateEndpoint,
  'endpoint-replay': one.replayEndpoint,
  'endpoint-remove': one.dropEndpoint,
  log: showLog,
};

/** To be mounted at `/desk`. */
export function makeDesk(desk: Desk): Router {
  const router = express.Router();
  const all: Record<Name, Handler> = { ...handlers, live: makeLive(desk) };
  let begun = false;

  router.use((_, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.use(async (request, response, next) => {
    begun ||= await anyAccount(desk.keep);
    if (begun || request.path.startsWith('/welcome/')) next();
    else sendError(desk, response, guestLanguage(desk, request), null, 'not_found');
  });
  router.use(
    sameSite(desk.publicUrl, (request, response) => {
      desk.log.warn('desk.cross-site', { status: 403 });
      sendError(desk, response, guestLanguage(desk, request), null, 'forbidden');
    }),
  );
  router.use(express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 50 }));
  mountSignIn(desk, router);

  for (const { name, method, path } of table) {
    router[method](path, async (request, response) => {
      const account = await whoIs(desk, request);
      const lang = account === null ? guestLanguage(desk, request) : languageOf(desk, account);
      if (account === null) {
        // A first visit is led to the door; a session that has ended is told so.
        if (readToken(desk, request) === null && method === 'get') return response.redirect(303, '/desk/sign-in');
        dropToken(desk, response);
        // What was typed goes back to whoever typed it; it was not sent.
        const kept = typeof request.body?.text === 'string' ? request.body.text.slice(0, 4096) : '';
        return showSignIn(desk, response, lang, 401, [desk.text(lang, 'sign-in.ended')], '', kept);
      }
      if (!may(account.roles, name)) return sendError(desk, response, lang, account, 'not_found');
      await all[name](desk, request, response, account);
    });
  }
  return router;
}
