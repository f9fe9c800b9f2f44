// "Go on" after urgent help began the count of misunderstood replies anew, and what was marked or turned to was
// gone: somebody in danger had to be misunderstood three more times before a person was offered.
import { expect, it } from 'vitest';
import { makeTalk } from '../support/talk.ts';
import { toReturnConsent, toTopics, walkTo } from '../support/ways.ts';

it('replies nobody understood still count after urgent help and "Go on"', async () => {
  const talk = await makeTalk();
  await walkTo(talk, toTopics);
  await talk.says('mumble');
  await talk.says('mumble');
  await talk.says('sos');
  await talk.taps('go-on');
  expect((await talk.session())?.session.tries).toBe(2);
  await talk.says('mumble');
  expect(talk.answer()).toContain('Help outside this chat');
});

it('what was marked, and the page of a list, stay through urgent help', async () => {
  const talk = await makeTalk();
  await walkTo(talk, [...toReturnConsent, 'yes', '~more']);
  await talk.says('sos');
  await talk.taps('danger', 'go-on');
  expect((await talk.session())?.session.page).toBe(1);
  await talk.taps('skip', 'one', 'baby');
  await talk.says('sos');
  await talk.taps('~back');
  expect((await talk.session())?.session.marked).toEqual(['baby']);
  await talk.taps('~done');
  expect((await talk.session())?.session.answers['needs']?.value).toEqual(['baby']);
});

it('whoever goes from urgent help to a person begins with no tries', async () => {
  const talk = await makeTalk();
  await walkTo(talk, [...toTopics, 'return', 'yes', 'read']);
  await talk.says('mumble');
  await talk.says('sos');
  await talk.taps('danger', 'person', 'person');
  const { tries, marked, page } = (await talk.session())?.session ?? {};
  expect([tries, marked, page]).toEqual([0, [], 0]);
});
