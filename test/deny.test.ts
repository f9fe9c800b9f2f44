// A source document ends with names, mailboxes and telephones of press officers, and tells one family's story.
// None of it may ever stand in a tracked file: only hashes of them do.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { denied, tokensOf } from './support/deny.ts';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8', maxBuffer: 1 << 26 })
  .split('\n')
  .filter((name) => name !== '' && !/\.(png|jpg|woff2?|ico)$/.test(name));

const readable = (name: string) => statSync(name, { throwIfNoEntry: false })?.isFile() === true;

describe('no press contact and no story of the sources', () => {
  it('stands in any tracked file', () => {
    expect(tracked.length).toBeGreaterThan(200);
    const found = tracked.filter(readable).filter((name) => denied(tokensOf(readFileSync(name, 'utf8'))) > 0);
    expect(found).toEqual([]);
  });

  it('and the check can find one, however it is written', () => {
    // Hash of a made-up mailbox and number of the same form.
    const list = new Set([...tokensOf('someone@example.org'), ...tokensOf('+375 29 000-00-00')]);
    expect(tokensOf('Write to Someone@Example.org!').some((one) => list.has(one))).toBe(true);
    expect(tokensOf('tel (375) 29 000 00 00').some((one) => list.has(one))).toBe(true);
    expect(tokensOf('call 29 0000000 now').some((one) => list.has(one))).toBe(true);
    expect(tokensOf('nothing 1234 here').some((one) => list.has(one))).toBe(false);
  });
});
