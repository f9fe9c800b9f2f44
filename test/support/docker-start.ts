// Starts what a rehearsed Dockerfile describes, as compose.yaml has it run: as its user, without any right of
// root, with nothing to write but the volume and /tmp. Run in namespaces of its own by docker-rehearsal.ts.
import { execFileSync, spawn, spawnSync } from 'node:child_process';

export type Image = {
  root: string;
  folder: string;
  user: string;
  /** `NAME=value`. */
  environment: string[];
  volumes: string[];
  health: string[];
  command: string[];
  signal: NodeJS.Signals;
};

const { root, folder, user, environment, volumes, health, command, signal } = JSON.parse(process.argv[2] ?? '{}') as Image;
const say = (text: string) => void process.stdout.write(`${text}\n`);
const mount = (...args: string[]) => execFileSync('mount', args);
const rights = ['--reuid', user, '--regid', user, '--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
const within = ['env', '-i', ...environment, `HOME=/home/${user}`, 'sh', '-c', 'cd "$0" && exec "$@"', folder];
/** Each program hands over to the next, so that the signal reaches the product itself. */
const as = (words: string[]) => [root, 'setpriv', ...rights, ...within, ...words];

execFileSync('ip', ['link', 'set', 'lo', 'up']);
mount('--bind', root, root);
for (const volume of volumes) mount('--bind', `${root}${volume}`, `${root}${volume}`);
mount('-t', 'proc', 'proc', `${root}/proc`);
mount('-o', 'remount,bind,ro', root);
mount('-t', 'tmpfs', 'tmpfs', `${root}/tmp`);

say(`== CMD ${JSON.stringify(command)}`);
const product = spawn('chroot', as(command), { stdio: ['ignore', 'inherit', 'inherit'] });
const ended = new Promise<number | null>((resolve) => product.once('exit', resolve));
const healthy = () => spawnSync('chroot', as(health), { stdio: 'ignore' }).status === 0;
for (let tries = 1; !healthy(); tries += 1) {
  if (tries > 40 || product.exitCode !== null) throw new Error('HEALTHCHECK does not pass');
  await new Promise((resolve) => setTimeout(resolve, 500));
}
say('== HEALTHCHECK passes');
for (const path of ['/readyz', '/chat', '/desk']) {
  const answer = await fetch(`http://127.0.0.1:3000${path}`);
  say(`${path} ${answer.status}${path === '/readyz' ? ` ${await answer.text()}` : ''}`);
  if (path !== '/desk' && answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
}
const asUser = (line: string) => spawnSync('chroot', as(['sh', '-c', line]), { encoding: 'utf8' });
say(`runs as ${asUser('id').stdout.trim()}`);
if (asUser('echo x > src/x').status === 0) throw new Error('the program can be changed');
say(asUser(`ls -ld ${volumes.join(' ')}; ls -l ${volumes.join(' ')}`).stdout);
const began = performance.now();
product.kill(signal);
const code = await ended;
say(`== STOPSIGNAL ${signal} ends it with ${code} after ${Math.round(performance.now() - began)} ms`);
process.exit(code === 0 ? 0 : 1);
