// Addresses somebody might register to make the desk knock at doors behind its own wall.
import { describe, expect, it } from 'vitest';
import { addressFault, mayConnect } from '../../src/handoff/address.ts';

const rules = { hosts: null, loopback: false };

describe('an endpoint cannot be registered at', () => {
  it.for([
    ['http://receiver.example.com/', 'not-tls'],
    ['https://127.0.0.1/', 'number'],
    ['https://127.1/', 'number'],
    ['https://2130706433/', 'number'],
    ['https://0x7f000001/', 'number'],
    ['https://0177.0.0.1/', 'number'],
    ['https://017700000001/', 'number'],
    ['https://①②⑦.⓪.⓪.①/', 'number'],
    ['https://0/', 'number'],
    ['https://0.0.0.0/', 'number'],
    ['https://[::1]/', 'number'],
    ['https://[::]/', 'number'],
    ['https://[::ffff:127.0.0.1]/', 'number'],
    ['https://[::ffff:7f00:1]/', 'number'],
    ['https://[0:0:0:0:0:ffff:a9fe:a9fe]/', 'number'],
    ['https://[64:ff9b::7f00:1]/', 'number'],
    ['https://[fe80::1]/', 'number'],
    ['https://[fd00:ec2::254]/', 'number'],
    ['https://169.254.169.254/latest/meta-data/', 'number'],
    ['https://100.100.100.200/', 'number'],
    ['https://10.0.0.5/', 'number'],
    ['https://8.8.8.8/', 'number'],
    ['https://localhost/', 'local-name'],
    ['https://localhost./', 'local-name'],
    ['https://LOCALHOST/', 'local-name'],
    ['https://desk.localhost/', 'local-name'],
    ['https://metadata.google.internal/computeMetadata/v1/', 'local-name'],
    ['https://printer.local/', 'local-name'],
    ['https://intranet/', 'local-name'],
    ['https://router.lan/', 'local-name'],
    ['https://nas.home.arpa/', 'local-name'],
    ['https://user:pass@receiver.example.com/', 'credentials'],
    ['https://receiver.example.com@127.0.0.1/', 'credentials'],
    ['https://receiver.example.com/#x', 'fragment'],
    ['ftp://receiver.example.com/', 'not-an-address'],
    ['file:///etc/passwd', 'not-an-address'],
    ['gopher://receiver.example.com/', 'not-an-address'],
    ['javascript:alert(1)', 'not-an-address'],
    ['receiver.example.com', 'not-an-address'],
    ['https://', 'not-an-address'],
    ['', 'not-an-address'],
    [`https://receiver.example.com/${'x'.repeat(500)}`, 'not-an-address'],
  ])('%s', ([url, fault]) => {
    expect(addressFault(url ?? '', rules)).toBe(fault);
  });

  it('a host outside the list, where there is a list', () => {
    const listed = { hosts: ['cases.example.org'], loopback: false };
    expect(addressFault('https://cases.example.org/hook', listed)).toBeNull();
    expect(addressFault('https://cases.example.org./hook', listed)).toBeNull();
    expect(addressFault('https://cases.example.org.evil.example.com/hook', listed)).toBe('not-listed');
    expect(addressFault('https://x.cases.example.org/hook', listed)).toBe('not-listed');
  });

  it('this machine, unless tests need it', () => {
    const tests = { hosts: null, loopback: true };
    expect(['http://127.0.0.1:4000/', 'http://localhost:4000/', 'https://[::1]/'].map((url) => addressFault(url, tests))).toEqual([
      null,
      null,
      null,
    ]);
    expect(['http://10.0.0.1/', 'http://169.254.169.254/', 'http://0.0.0.0/'].map((url) => addressFault(url, tests))).toEqual([
      'not-tls',
      'not-tls',
      'not-tls',
    ]);
  });
});

describe('a connection', () => {
  it.for([
    ...[
      '0.1.2.3',
      '10.1.1.1',
      '100.64.0.1',
      '127.0.0.1',
      '127.255.255.255',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.0.0.1',
    ],
    ...['192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1'],
    ...[
      '255.255.255.255',
      '::',
      '::1',
      '::ffff:8.8.8.8',
      '::ffff:127.0.0.1',
      '64:ff9b::808:808',
      '2001::1',
      '2001:db8::1',
      '2002:7f00:1::1',
    ],
    ...['3fff::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'ff02::1', 'not an address', ''],
  ])('to %s is not made', (address) => {
    expect(mayConnect(address, rules)).toBe(false);
  });

  it.for(['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])('to %s may be made', (address) => {
    expect(mayConnect(address, rules)).toBe(true);
  });
});
