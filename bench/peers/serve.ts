// The web server every peer stands behind, and the line that says it is ready.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export async function serve(handler: RequestListener, setWebhook: (url: string) => Promise<unknown>): Promise<void> {
  const server = createServer(handler);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await setWebhook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram`);
  process.stdout.write('ready\n');
  process.once('SIGTERM', () => process.exit(0));
}
