// Where an event may be sent. An endpoint's address comes from an administrator, and a wrong or
// hostile one must not make the desk knock at machines behind the same wall. A name is resolved once,
// everything it leads to must be public, and exactly that is connected to: no second look can differ.
import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** `hosts`: the only names that may be used; null: any. `loopback`: this machine too, for tests. */
export type Rules = { hosts: readonly string[] | null; loopback: boolean };
export type AddressFault = 'not-an-address' | 'not-tls' | 'credentials' | 'fragment' | 'number' | 'local-name' | 'not-listed';

/** Thrown when a name leads where nothing may be sent. */
export class Forbidden extends Error {
  override name = 'Forbidden';
  readonly code = 'address';
}

const refused = new BlockList();
for (const [net, bits] of [
  ...[
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
  ],
  ...[
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
  ],
  ...[
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
] as [string, number][])
  refused.addSubnet(net, bits, 'ipv4');
// Of IPv6 only global addresses, and of those none that wrap another address or are for examples.
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as [string, number][])
  refused.addSubnet(net, bits, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an IP address may be connected to. */
export function mayConnect(address: string, rules: Rules): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (rules.loopback && loopback.check(address, type)) return true;
  return family === 4 ? !refused.check(address, type) : global.check(address, type) && !refused.check(address, type);
}

const bare = (host: string) => host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
const ownMachine = (host: string) =>
  host === 'localhost' ||
  (isIP(host) > 0 && mayConnect(host, { hosts: null, loopback: true }) && !mayConnect(host, { hosts: null, loopback: false }));

/** What is wrong with an address, before anything is resolved; null: nothing. */
export function addressFault(text: string, rules: Rules): AddressFault | null {
  if (text.length > 500 || !URL.canParse(text)) return 'not-an-address';
  const url = new URL(text);
  const host = bare(url.hostname);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not-an-address';
  if (url.username !== '' || url.password !== '') return 'credentials';
  if (url.hash !== '') return 'fragment';
  if (rules.loopback && ownMachine(host)) return null;
  if (url.protocol !== 'https:') return 'not-tls';
  // Also decimal, octal and mapped forms: parsing has turned them into plain numbers by now.
  if (isIP(host) > 0) return 'number';
  if (!host.includes('.') || /(^|\.)(localhost|local|internal|lan|home|corp|intranet|home\.arpa)$/.test(host)) return 'local-name';
  return rules.hosts === null || rules.hosts.includes(host) ? null : 'not-listed';
}

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;
const bySystem: Resolve = (host) => dns.promises.lookup(host, { all: true, verbatim: true });

/** For Node's clients: one look, refused as a whole if any of it is not public, and no other look after it. */
export function makeLookup(rules: Rules, resolve: Resolve = bySystem): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found;
        if (first === undefined || !found.every(({ address }) => mayConnect(address, rules))) return done(new Forbidden('address'), []);
        if (options.all) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };
}
