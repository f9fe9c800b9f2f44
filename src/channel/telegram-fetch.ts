// How calls reach the Bot API: node:http with kept-alive sockets, which costs about half of grammY's
// own client per call. The address holds the token, so nothing here ever puts it into an error.
import http from 'node:http';
import https from 'node:https';

/** As much of an abort signal as is needed: grammY brings its own kind. */
type Signal = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};
type Init = { method?: string; headers?: Record<string, string>; body?: unknown; signal?: Signal };
type Reply = { ok: boolean; status: number; json(): Promise<unknown> };

type KeptAlive = { fetch(url: string | URL, init: Init): Promise<Reply>; close(): void };

/** A `fetch` for JSON calls. Nothing is ever uploaded by this bot, so a streamed body is refused. */
export function makeKeptAlive(): KeptAlive {
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) };

  function exchange(url: URL, init: Init, body: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const options = { method: init.method ?? 'POST', headers: { ...init.headers, 'content-length': body.length } };
      const request =
        url.protocol === 'https:'
          ? https.request(url, { ...options, agent: agents['https:'] })
          : http.request(url, { ...options, agent: agents['http:'] });
      const abort = () => request.destroy(new Error('aborted'));
      init.signal?.addEventListener('abort', abort);
      request.once('close', () => init.signal?.removeEventListener('abort', abort));
      request.once('error', reject);
      request.once('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => {
          const status = response.statusCode ?? 0;
          resolve({ ok: status >= 200 && status < 300, status, json: async () => parse(Buffer.concat(parts)) });
        });
      });
      request.end(body);
    });
  }

  return {
    async fetch(url, init) {
      if (init.signal?.aborted) throw new Error('aborted');
      if (typeof init.body !== 'string') throw new Error('only JSON bodies are sent');
      return exchange(new URL(url), init, Buffer.from(init.body));
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** The parser's own error would quote the answer, and an answer can quote a person. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Error('not JSON');
  }
}

/** Whether the token may travel to this address: TLS, or a machine of the operator's own network. */
export function mayCarryToken(root: string): boolean {
  if (!URL.canParse(root)) return false;
  const { protocol, hostname } = new URL(root);
  if (protocol === 'https:') return true;
  if (protocol !== 'http:') return false;
  if (hostname.startsWith('[')) return hostname === '[::1]' || /^\[f[cd]/.test(hostname);
  if (/^\d+(\.\d+){3}$/.test(hostname)) return /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(hostname);
  return hostname === 'localhost' || !hostname.includes('.');
}
