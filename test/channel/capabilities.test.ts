// Messages are made from what a channel can do, never from which one it is: one table, and nobody above the
// channels asks for a name.
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { capabilities } from '../../src/channel/capabilities.ts';

const names = Object.keys(capabilities);
const read = (pattern: string) => globSync(pattern).map((path) => ({ path, text: readFileSync(path, 'utf8') }));

it('the table has a row for every channel, and buttons only where they are delivered', () => {
  expect(names.sort()).toEqual(['telegram', 'terminal', 'web', 'whatsapp']);
  expect(capabilities.whatsapp.choices).toBe('numbers');
});

it('no flow names a channel', () => {
  const flows = read('flows/*.yaml').filter(({ path }) => !path.endsWith('operator.yaml'));
  expect(flows.length).toBeGreaterThan(10);
  for (const { path, text } of flows) expect(text, path).not.toMatch(/telegram|whatsapp|terminal/i);
});

it('no code that decides or renders names one, and none asks for the name of the channel it serves', () => {
  const files = read('src/{flow,text,proof,conversation,case}/*.ts');
  const literal = new RegExp(`['"\`](${names.join('|')})['"\`]`);
  expect(literal.test("if (channel === 'telegram')")).toBe(true);
  // The words for operators' handles and for ways to write are lists of the operator, not questions asked of a channel.
  for (const { path, text } of files) {
    const asks = text.split('\n').filter((line) => literal.test(line) && /[!=]==|switch|case /.test(line));
    expect(asks, path).toEqual([]);
  }
});

it('nobody outside the table writes down what a channel can do', () => {
  for (const { path, text } of read('src/channel/*.ts'))
    if (!/capabilities\.ts$|channel\/channel\.ts$/.test(path)) expect(text, path).not.toMatch(/choices: '(buttons|numbers)'/);
});
