import { describe, expect, it } from 'vitest';
import { loadContent } from '../../src/text/content.ts';
import { smallFolder } from '../support/small.ts';

async function findings(spoil: (files: Record<string, string>) => void): Promise<string[]> {
  const { flows, locales, remove } = smallFolder(spoil);
  const content = await loadContent(flows, locales, 'demo');
  remove();
  return 'findings' in content ? content.findings.map((one) => one.replace(/^.*\/(flows|locales)\//, '$1/')) : [];
}
const replace = (file: string, from: string, to: string) => (files: Record<string, string>) => {
  const text = files[file];
  if (!text?.includes(from)) throw new Error(`${file} has no ${from}`);
  files[file] = text.replace(from, to);
};

describe('a flow or locale that is partly wrong never meets a person', () => {
  it('a good folder has no findings', async () => {
    expect(await findings(() => {})).toEqual([]);
  });

  it.each([
    ['a misspelt key', replace('flows/start.yaml', 'say: [page]', 'sey: [page]'), /^flows\/start\.yaml:7:\d+: .*unknown key/],
    [
      'a step that is named nowhere',
      replace('flows/start.yaml', 'ask: phone}', 'ask: fone}'),
      /^flows\/start\.yaml:6:\d+: .*no step start\/fone/,
    ],
    [
      'a value that a field does not have',
      replace('flows/start.yaml', '{agree: yes}', '{agree: yess}'),
      /^flows\/start\.yaml:\d+:\d+: .*agree has no value yess/,
    ],
    [
      'a branch after the last',
      replace('flows/start.yaml', '- {to: refused}', '- {to: refused}\n      - {to: needs}'),
      /only the last branch may have no when/,
    ],
    [
      'no last branch',
      replace('flows/start.yaml', '- {to: refused}', '- {when: {agree: no}, to: refused}'),
      /the last branch must have no when/,
    ],
    [
      'a personal field without keep',
      replace('flows/common.yaml', 'data: sensitive, keep: 30d', 'data: sensitive'),
      /^flows\/common\.yaml:13:\d+: .*needs keep/,
    ],
    ['a handoff of another kind', replace('flows/start.yaml', 'kind: talk', 'kind: return'), /agree is a consent to talk/],
    ['two ways on', replace('flows/aside.yaml', 'next: resume}', 'next: resume, end: closed}'), /exactly one of/],
    ['no way on', replace('flows/aside.yaml', ', next: resume}', '}'), /exactly one of/],
    [
      'a key twice',
      replace('flows/aside.yaml', 'help: {', 'help: {say: [help], next: resume}\n  help: {'),
      /^flows\/aside\.yaml:3:\d+: .*unique/,
    ],
    ['broken YAML', replace('flows/aside.yaml', 'help: {', 'help: {{'), /^flows\/aside\.yaml:3:/],
    ['an alias', replace('flows/aside.yaml', 'say: [help]', 'say: &a [help]\n  '), /flows\/aside\.yaml/],
    ['a binary file', (files: Record<string, string>) => (files['flows/aside.yaml'] = '\0\0'), /not a flow file/],
    ['no flow files', (files: Record<string, string>) => (files['flows/common.yaml'] = ''), /flows\/common\.yaml:1:1/],
    [
      'a consent asked twice',
      replace('flows/start.yaml', 'needs: {ask: needs', 'again: {ask: agree, next: needs}\n  needs: {ask: needs'),
      /exactly one step, this one at 2/,
    ],
    [
      'a text that is missing',
      replace('locales/en/start.json', '"hello": "hello",', ''),
      /locales\/en\/start\.json:2:3: P18 say\.hello is missing/,
    ],
    [
      'a translation that is missing',
      replace('locales/fr/start.json', '"hello": "hello fr",', ''),
      /^locales\/fr\/start\.json:2:3: P18 say\.hello is missing/,
    ],
    ['a lost placeholder', replace('locales/fr/common.json', '{{name}}', 'X'), /about\.runs has other placeholders/],
    [
      'a text that is shown nowhere',
      replace('locales/en/start.json', '"hello"', '"spare": "x", "hello"'),
      /locales\/en\/start\.json:3:5: P18 say\.spare is shown nowhere/,
    ],
    [
      'a text that is a number',
      replace('locales/fr/start.json', '"hello": "hello fr"', '"hello": 7'),
      /^locales\/fr\/start\.json:3:5: P18 say\.hello is no text/,
    ],
    [
      'a word list of another form',
      replace('locales/fr/crisis.json', '[', '[7, '),
      /^locales\/fr\/crisis\.json:2:3: P18 danger must be a list of words/,
    ],
    [
      'a locale file that holds a list',
      (files: Record<string, string>) => (files['locales/fr/mine.json'] = '[]'),
      /^locales\/fr\/mine\.json:1:1: not a locale file/,
    ],
    ['JSON that is broken', replace('locales/fr/start.json', '{', '{{'), /^locales\/fr\/start\.json:1:2: /],
    [
      'an operator without a complaints address',
      replace('flows/operator.yaml', 'complaints: complaints@example.org\n', ''),
      /^flows\/operator\.yaml:\d+:\d+: complaints/,
    ],
    ['a pack named after another country', replace('flows/programmes/by.yaml', 'country: by', 'country: ly'), /must be the file's name/],
  ])('%s is found at its place', async (_, spoil, expected) => {
    expect((await findings(spoil)).join('\n')).toMatch(expected);
  });

  it('all findings are told at once, not only the first', async () => {
    const found = await findings((files) => {
      replace('flows/start.yaml', 'say: [page]', 'sey: [page]')(files);
      replace('flows/aside.yaml', 'say: [stop]', 'say: []')(files);
      replace('flows/operator.yaml', 'kind: ngo', 'kind: club')(files);
    });
    expect(found.map((one) => one.split(':')[0])).toEqual(
      expect.arrayContaining(['flows/start.yaml', 'flows/aside.yaml', 'flows/operator.yaml']),
    );
  });

  it('thousands of nested aliases are refused, not unfolded', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((l, i) => `${l}: &${l} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
      .join('\n')}\n`;
    expect((await findings((files) => (files['flows/bomb.yaml'] = bomb))).join()).toMatch(/bomb\.yaml.*aliases are not allowed/);
  });
});
