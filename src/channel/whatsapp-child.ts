// The process that holds whatsapp-web.js and its browser, and the only file that knows the library. It
// mends nothing: whatever goes wrong, it says why, closes the browser and ends, and the channel starts
// a new one. The library cannot be closed cleanly at every moment; a process always can.
import library from 'whatsapp-web.js';
import { forgetSession, freeProfile, memoryOf } from './whatsapp-browser.ts';
import { makeHearing } from './whatsapp-hear.ts';
import type { Within } from './whatsapp-unread.ts';
import type { ChildOptions, Down, Outcome, Up, Why } from './whatsapp-wire.ts';

class Late extends Error {}

/** A reload or a new code may still be under way: closing the browser then upsets the library. */
const afterQrMs = 1_000;
const afterLogoutMs = 20_000;
const lookupMs = 3_000;
const closeMs = 4_000;
/** Even a browser grown too large is not closed while somebody is writing. */
const breathMs = 5_000;
const beatsPerWeighing = 12;

const elapsed = () => performance.now();

function say(up: Up, then: () => void = () => {}): void {
  if (process.connected) process.send?.(up, then);
  else then();
}

/** A call that hangs is how a crashed page shows. */
function bounded<T>(call: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Late()), ms);
  return Promise.race([call, late]).finally(() => clearTimeout(timer));
}

function begin({ chromium, args, profile, page: stored, times }: ChildOptions) {
  const within: Within = (call) => bounded(call, times.call);
  const auth = new library.LocalAuth({ dataPath: profile });
  const client = new library.Client({
    authStrategy: auth,
    puppeteer: {
      executablePath: chromium,
      // A pipe instead of a port: nobody else on this machine can look in, and the browser ends with us.
      pipe: true,
      args,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: times.initialize,
    },
    ...(stored === null ? {} : { webVersion: stored.version }),
    webVersionCache: stored === null ? { type: 'none' } : { type: 'local', path: stored.folder, strict: true },
    // The library would otherwise claim to be a browser of years ago. Its types know no `false`.
    userAgent: false as unknown as string,
    takeoverOnConflict: false,
  });
  const timers = new Map<string, NodeJS.Timeout>();
  let ending = false;
  let loggedOut = false;
  let watched = false;
  /** When it became ready for the first time, and when the page and its connection were last in order. */
  let readyAt: number | null = null;
  let soundAt = elapsed();
  let connectedAt = elapsed();
  let phase: 'starting' | 'ready' | 'unconnected' = 'starting';
  let beats = 0;
  let started = false;

  const after = (name: string, ms: number, work: () => void) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(work, ms));
  };
  const cancel = (name: string) => clearTimeout(timers.get(name));

  async function end(why: Why): Promise<void> {
    if (ending) return;
    ending = true;
    for (const timer of timers.values()) clearTimeout(timer);
    const because: Why = loggedOut ? 'logged-out' : why;
    say({ kind: 'ending', why: because });
    // Before the browser is there, closing it does nothing, and then it comes and stays.
    for (let waited = 0; !client.pupBrowser && started && waited < closeMs; waited += 50) await new Promise((go) => setTimeout(go, 50));
    await bounded(client.destroy(), closeMs).catch(() => {});
    client.pupBrowser?.process()?.kill('SIGKILL');
    if (because === 'logged-out') forgetSession(profile);
    say({ kind: 'beat' }, () => process.exit(0));
    setTimeout(() => process.exit(0), 500);
  }

  function become(next: typeof phase): void {
    if (next === phase) return;
    phase = next;
    say({ kind: 'state', state: next });
  }

  const hearing = makeHearing({
    client,
    within,
    quickly: (call) => bounded(call, lookupMs),
    lookAgain: times.lookAgain,
    pass: (list) => say({ kind: 'said', said: list }),
    trouble: (error) => say({ kind: 'trouble', code: error instanceof Late ? 'late' : 'library' }),
  });

  function watchBrowser(): void {
    // Called again after a logout, on the same browser.
    if (watched) return;
    watched = true;
    client.pupBrowser?.on('disconnected', () => void end('browser-gone'));
    client.pupPage?.on('error', () => void end('page-crashed'));
  }

  client.on('qr', (qr: string) => {
    cancel('ready');
    if (loggedOut) return after('end', afterQrMs, () => void end('logged-out'));
    after('qr', times.qr, () => void end('no-qr'));
    say({ kind: 'qr', qr });
  });
  client.on('authenticated', () => {
    cancel('qr');
    if (readyAt === null) after('ready', times.ready, () => void end('no-ready'));
  });
  // Comes again after each reload of the page.
  client.on('ready', () => {
    cancel('qr');
    cancel('ready');
    readyAt ??= elapsed();
    soundAt = connectedAt = elapsed();
    become('ready');
    hearing.catchUp();
  });
  client.on('disconnected', (reason) => {
    if (String(reason) !== 'LOGOUT') return void end(whyOf(String(reason)));
    // The library now deletes the profile under the running browser and opens the page once more.
    loggedOut = true;
    after('end', afterLogoutMs, () => void end('logged-out'));
  });
  client.on('auth_failure', () => void end('unpaired'));

  async function beat(): Promise<void> {
    say({ kind: 'beat' });
    if (readyAt !== null && !loggedOut) {
      const whole = client.pupPage?.evaluate("typeof window.WWebJS !== 'undefined'");
      const answer = bounded(Promise.all([whole, client.getState()]), times.answer);
      // Neither answers while the page is loaded anew; a page that never answers has crashed or hangs.
      const [injected, connection] = await answer.catch((error) => (error instanceof Late ? ['late', null] : [false, null]));
      const now = elapsed();
      if (injected === 'late') return end('no-answer');
      const connected = String(connection) === 'CONNECTED';
      if (injected) soundAt = now;
      if (connected) connectedAt = now;
      become(!injected ? 'starting' : connected ? 'ready' : 'unconnected');
      if (now - soundAt > times.ready) return end('no-ready');
      if (now - connectedAt > times.unconnected) return end('no-connection');
      if (now - readyAt > times.settle && isOld(now)) return end('planned');
    }
    after('beat', times.beat, () => void beat());
  }

  /** Grown too large, or old and nobody writing. */
  function isOld(now: number): boolean {
    const quiet = hearing.quietFor();
    beats += 1;
    if (now > times.oldest && quiet > times.quiet) return true;
    const pid = client.pupBrowser?.process()?.pid;
    if (pid === undefined || now < times.unweighed || quiet < breathMs || beats % beatsPerWeighing !== 0) return false;
    return memoryOf(pid) > times.mostMemoryMb;
  }

  async function send(chat: string, text: string): Promise<Outcome> {
    const options = { sendSeen: false, linkPreview: false, parseVCards: false, waitUntilMsgSent: true };
    return attempt(async () => ((await within(client.sendMessage(chat, text, options))) ? 'sent' : 'no-chat'));
  }

  async function attempt(work: () => Promise<Outcome>): Promise<Outcome> {
    if (phase !== 'ready' || ending) return 'later';
    try {
      return await work();
    } catch (error) {
      const lost = error instanceof Late || ending || /clos|detach|crash|destroy|disconnect/i.test(String(error));
      return lost ? 'later' : 'failed';
    }
  }

  async function typing(chat: string): Promise<Outcome> {
    await (await within(client.getChatById(chat))).sendStateTyping();
    return 'sent';
  }

  async function open(): Promise<void> {
    await freeProfile(profile);
    if (ending) return;
    auth.afterBrowserInitialized = async () => watchBrowser();
    started = true;
    try {
      await bounded(client.initialize(), times.initialize);
    } catch {
      return end('no-page');
    }
    if (readyAt === null && !timers.has('qr')) after('ready', times.ready, () => void end('no-ready'));
  }
  void open();
  void beat();

  return {
    end,
    hear(down: Down): void {
      const done = (call: number) => (outcome: Outcome) => say({ kind: 'done', call, outcome });
      if (down.do === 'send') void send(down.chat, down.text).then(done(down.call));
      else if (down.do === 'seen')
        void attempt(async () => ((await within(client.sendSeen(down.chat))) ? 'sent' : 'no-chat')).then(done(down.call));
      else if (down.do === 'typing') void attempt(() => typing(down.chat));
      else if (down.do === 'look' && readyAt !== null) hearing.catchUp();
      else if (down.do === 'end') void end('asked');
    },
  };
}

function whyOf(state: string): Why {
  if (state === 'CONFLICT') return 'conflict';
  if (state === 'UNPAIRED' || state === 'UNPAIRED_IDLE') return 'unpaired';
  return /BLOCK|DEPRECATED/.test(state) ? 'refused' : 'no-connection';
}

let child: ReturnType<typeof begin> | undefined;
const leave = (why: Why) => (child ? void child.end(why) : process.exit(0));
process.on('message', (down: Down) => {
  if (down.do === 'begin') child ??= begin(down.options);
  else if (child) child.hear(down);
  else if (down.do === 'end') leave('asked');
});
// Without the channel nobody would hear us.
process.on('disconnect', () => leave('asked'));
process.on('SIGTERM', () => leave('asked'));
// Ctrl+C reaches every process of the terminal; the channel decides.
process.on('SIGINT', () => {});
process.on('unhandledRejection', () => leave('library-failed'));
process.on('uncaughtException', () => leave('library-failed'));
