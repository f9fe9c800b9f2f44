// `node test/docker-rehearsal.ts [CHROMIUM=yes] [DEBIAN=FOLDER]`: the Dockerfile gone through line by line in a
// clean Debian made by debootstrap (or made before), as root on Linux, with the network. No container engine is needed and none is proved:
// Debian, this Node and this npm stand for the base image. Afterwards the product is started as the file says.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Image } from './support/docker-start.ts';
import { commandOf, lets, linesOf, pairsOf } from './support/dockerfile.ts';

const root = mkdtempSync(join(tmpdir(), 'image-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
const say = (text: string) => void process.stdout.write(`${text}\n`);
const megabytes = (path = root) => Number(execFileSync('du', ['-xsm', path], { encoding: 'utf8' }).split('\t')[0]);
const run = (command: string, ...args: string[]) => {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
};

const image: Image = { root, folder: '/', user: 'root', environment: [], volumes: [], health: [], command: [], signal: 'SIGTERM' };
const given = new Map(process.argv.slice(2).flatMap(pairsOf));
const build = new Map<string, string>();
const ignore = readFileSync('.dockerignore', 'utf8');
let plain = 0;

/** What the official image has besides Debian: node, npm, and the user `node` with number 1000. */
function base(name: string): void {
  const [, version, release = ''] = /^node:(\d+)-(\w+)-slim$/.exec(name) ?? [];
  if (version !== process.versions.node.split('.')[0]) throw new Error(`${name} needs Node ${version} to stand for it`);
  const made = given.get('DEBIAN');
  if (made === undefined) run('debootstrap', '--variant=minbase', release, root);
  else run('cp', '-a', `${made}/.`, root);
  if (!readFileSync(join(root, 'etc/os-release'), 'utf8').includes(`VERSION_CODENAME=${release}`)) throw new Error(`it is no ${release}`);
  const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())));
  cpSync(realpathSync(process.execPath), join(root, 'usr/local/bin/node'));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  const make = 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && groupadd --gid 1000 node';
  run('chroot', root, 'sh', '-c', `${make} && useradd --uid 1000 --gid node --shell /bin/bash --create-home node`);
  // A certificate authority of this machine's own network, as a builder behind it would be given.
  const authority = process.env['NODE_EXTRA_CA_CERTS'];
  if (authority !== undefined) {
    cpSync(authority, join(root, 'var/tmp/authority.pem'));
    build.set('NODE_EXTRA_CA_CERTS', '/var/tmp/authority.pem');
  }
  plain = megabytes();
}

/** As a builder runs it: with /proc, as the user and in the folder of the lines before, with these variables only. */
function builds(...command: string[]): void {
  const home = image.user === 'root' ? '/root' : `/home/${image.user}`;
  const variables = [`HOME=${home}`, ...image.environment, ...[...build].map((pair) => pair.join('='))];
  const within = ['env', '-i', ...variables, 'sh', '-c', 'cd "$0" && exec "$@"', image.folder, ...command];
  const enter = 'mount -t proc proc "$0/proc" && exec chroot "$@"';
  const to = [`--userspec=${image.user}`, root];
  run('unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', enter, root, ...to, ...within);
}

function copy(rest: string): void {
  const names = rest.split(/\s+/);
  const target = names.pop() ?? '';
  const to = join(root, image.folder, target);
  for (const name of names) {
    if (!lets(ignore, name)) throw new Error(`.dockerignore keeps ${name} out`);
    cpSync(name, target.endsWith('/') ? join(to, name) : to, { recursive: true });
  }
}

const lines: Record<string, (rest: string) => void> = {
  FROM: base,
  ARG: (rest) => {
    for (const [name, value] of pairsOf(rest)) build.set(name, given.get(name) ?? value);
  },
  ENV: (rest) => void image.environment.push(...pairsOf(rest).map((pair) => pair.join('='))),
  WORKDIR: (rest) => {
    image.folder = rest;
    mkdirSync(join(root, rest), { recursive: true });
  },
  COPY: copy,
  RUN: (rest) => builds('/bin/sh', '-c', rest),
  USER: (rest) => {
    image.user = rest;
  },
  VOLUME: (rest) => void image.volumes.push(rest),
  EXPOSE: () => {},
  STOPSIGNAL: (rest) => {
    if (rest !== 'SIGTERM' && rest !== 'SIGINT') throw new Error(`the product does not hear ${rest}`);
    image.signal = rest;
  },
  HEALTHCHECK: (rest) => {
    image.health = commandOf(rest);
  },
  CMD: (rest) => {
    image.command = commandOf(rest);
  },
};

image.environment.push('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
for (const { word, rest } of linesOf(readFileSync('Dockerfile', 'utf8'))) {
  say(`== ${word} ${rest}`);
  const line = lines[word];
  if (line === undefined) throw new Error(`${word} is not rehearsed`);
  line(rest);
}
say(`layers of ours: ${megabytes() - plain} MB (of them /app ${megabytes(join(root, 'app'))} MB)`);
if (existsSync(join(root, 'usr/bin/chromium')))
  builds(
    'chromium',
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--user-data-dir=/tmp/c',
    '--dump-dom',
    'data:text/html,<p>it runs</p>',
  );
// In namespaces of its own: what it listens on nobody else can reach, and all of it ends together.
const start = join(import.meta.dirname, 'support/docker-start.ts');
run('unshare', '--mount', '--pid', '--net', '--fork', '--kill-child', process.execPath, start, JSON.stringify(image));
