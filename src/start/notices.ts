// Sends notices once a minute through the operator's mail server. Away from this machine only over TLS:
// a mail server that offers none is refused, for the password would travel in plain sight.
import { createTransport } from 'nodemailer';
import type { Config } from '../config.ts';
import type { Desk } from '../desk/desk.ts';
import { type Send, sendNotices } from '../desk/notices.ts';
import { codeOf } from '../log.ts';
import { takeTurn } from '../store/notices.ts';

const everyMs = 60_000;
const patience = 15_000;
const here = /^(localhost|127\.0\.0\.1|\[?::1\]?)$/;

export function makeSend(url: string, from: string): { send: Send; close: () => void } {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !here.test(hostname),
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      await transport.sendMail({ ...mail, from, headers: { 'Auto-Submitted': 'auto-generated' } });
    },
    close: () => transport.close(),
  };
}

/** Null where no mail server is set. */
export function startNotices(config: Config, desk: Desk): { stop(): Promise<void> } | null {
  if (config.SMTP_URL === undefined || config.NOTICE_FROM === undefined) return null;
  desk.mails = true;
  const { send, close } = makeSend(config.SMTP_URL, config.NOTICE_FROM);
  const told = new Map<string, number>();
  let running: Promise<void> | null = null;
  const run = () => {
    const turn = Math.floor(desk.now().getTime() / everyMs);
    running ??= takeTurn(desk.keep, turn)
      .then((mine) => (mine ? sendNotices(desk, send, told) : undefined))
      .catch((error) => desk.log.error('notices failed', { code: codeOf(error) }))
      .finally(() => {
        running = null;
      });
    return running;
  };
  void run();
  const timer = setInterval(run, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      close();
      await running;
    },
  };
}
