// A case system somewhere else, over real HTTP: checks every signature, keeps ids so that a repeat has
// no second effect, and can be told to misbehave. Its clock is the test's.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { verify } from '../../src/handoff/sign.ts';
import { makeElsewhere } from './elsewhere.ts';

/** A status, or something worse. */
export type Behaviour = number | ((request: IncomingMessage, response: ServerResponse) => void);

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export async function startReceiver(given: { now: () => number; tls?: { key: string; cert: string } }) {
  const { effects, keeps, forgets } = makeElsewhere();
  const state = { secrets: [] as string[], behave: 202 as Behaviour, requests: 0, refused: 0, timestamps: [] as number[] };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      state.requests += 1;
      const id = verify(state.secrets, request.headers, body, given.now());
      if (id === null) {
        state.refused += 1;
        response.writeHead(401).end();
        return;
      }
      state.timestamps.push(Number(request.headers['webhook-timestamp']));
      const behave = state.behave;
      if (typeof behave === 'number' && (behave < 200 || behave > 299)) {
        response.writeHead(behave).end();
        return;
      }
      keeps(id, body);
      if (typeof behave === 'number') response.writeHead(behave).end();
      else behave(request, response);
    });
  };
  const server = given.tls === undefined ? http.createServer(listener) : https.createServer(given.tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${given.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/hook`,
    port,
    effects,
    forgets,
    state,
    /** Numbers of a request's events, in the order they had an effect. */
    order(caseId: string) {
      return effects.filter((one) => one.caseId === caseId).map((one) => one.seq);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
