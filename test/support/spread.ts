// What stands in front of several processes: hands each request to the next of them, and answers 502 when
// that one is not there, as a simple proxy does.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** `next`: the process that gets the request; null while it is down. */
export async function spread(next: () => string | null): Promise<{ url: string; counts: Map<string, number>; stop(): Promise<void> }> {
  const counts = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const to = next();
    const failed = () => void (response.headersSent ? response.destroy() : response.writeHead(502).end());
    if (to === null) return failed();
    counts.set(to, (counts.get(to) ?? 0) + 1);
    const { method = 'GET', headers } = request;
    const onward = http.request(new URL(request.url ?? '/', to), { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once('error', failed);
    });
    onward.once('error', failed);
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
