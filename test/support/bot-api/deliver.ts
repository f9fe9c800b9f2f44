// Updates brought to a webhook as Telegram brings them: one chat in sequence, chats side by side up to
// the agreed number, the secret in a header, and again and again until the answer is a 2xx.
import type { Queue, Update } from './queue.ts';
import type { Payload } from './schemas.ts';

type Webhook = Payload<'setWebhook'>;

const firstPauseMs = 20;
const mostPauseMs = 500;
const answerWithinMs = 15_000;

export function makeDelivery(queue: Queue, violate: (what: string) => void, changed: () => void) {
  /** Chats with an update on its way or waiting to be brought again. */
  const busy = new Set<string>();
  let hook: Webhook | null = null;
  let failed: { date: number; message: string } | null = null;
  let most = 0;

  function pump(): void {
    if (hook === null) return;
    for (const update of queue.waiting()) {
      if (busy.size >= (hook.max_connections ?? 40)) return;
      const chat = chatOf(update);
      if (busy.has(chat)) continue;
      busy.add(chat);
      most = Math.max(most, busy.size);
      void bring(update, chat, hook, 1);
    }
  }

  async function bring(update: Update, chat: string, to: Webhook, tries: number): Promise<void> {
    queue.noteDelivery(update.update_id);
    const outcome = await post(update, to);
    if (outcome !== null && hook === to) failed = { date: Math.floor(Date.now() / 1_000), message: outcome };
    if (outcome === null) queue.remove(update.update_id);
    changed();
    const next = () => {
      busy.delete(chat);
      if (hook === to && outcome !== null) {
        busy.add(chat);
        void bring(update, chat, to, tries + 1);
      } else pump();
    };
    if (outcome === null) next();
    else setTimeout(next, Math.min(firstPauseMs * 2 ** (tries - 1), mostPauseMs)).unref();
  }

  /** Null when it was taken. */
  async function post(update: Update, { url, secret_token: secret }: Webhook): Promise<string | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body: JSON.stringify(update),
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithinMs),
      });
      const body = await response.text();
      if (!response.ok) return `Wrong response from the webhook: ${response.status} ${response.statusText}`;
      // It would be taken for a call whose outcome nobody hears.
      if (body.includes('"method"')) violate('answered a webhook with a call');
      return null;
    } catch {
      return 'Connection refused';
    }
  }

  return {
    set(next: Webhook | null): void {
      hook = next;
      failed = null;
      pump();
    },
    pump,
    /** As `getWebhookInfo` tells it: everything but the secret. */
    info: () => ({
      url: hook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: queue.waiting().length,
      ...(hook === null ? {} : { max_connections: hook.max_connections ?? 40 }),
      ...(hook?.allowed_updates === undefined ? {} : { allowed_updates: hook.allowed_updates }),
      ...(failed === null ? {} : { last_error_date: failed.date, last_error_message: failed.message }),
    }),
    secret: () => hook?.secret_token,
    /** The most chats that were served side by side. */
    most: () => most,
  };
}

export type Delivery = ReturnType<typeof makeDelivery>;

function chatOf(update: Update): string {
  for (const part of Object.values(update)) {
    if (typeof part !== 'object' || part === null) continue;
    const { chat, from, message } = part as { chat?: { id?: unknown }; from?: { id?: unknown }; message?: { chat?: { id?: unknown } } };
    const id = chat?.id ?? message?.chat?.id ?? from?.id;
    if (id !== undefined) return String(id);
  }
  return `u${update.update_id}`;
}
