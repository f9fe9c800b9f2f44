// The proof looks at one state for many that go on alike. Here the same small flows are visited both ways: with all
// its shortcuts, and one by one in every world; both must find the same, in good flows and in broken ones.
import { describe, expect, it } from 'vitest';
import { prove, usualLimits } from '../../src/proof/prove.ts';
import { bruteForce } from '../support/brute.ts';
import { type Edit, tiny } from '../support/tiny.ts';

const mistakes: [what: string, edits: Edit[]][] = [
  ['none', []],
  ['a page opened by a word on another page that ends the walk', [['read', 'say: [two], next: deep', 'say: [two], restart: start/topics']]],
  ['a way out of the pages that asks for consent on any phone', [['read', 'restart: start/wish', 'restart: start/agree']]],
  ['a recap that sends without its Send', [['start', 'send: sent, cancel: refused', 'send: refused, cancel: sent']]],
  ['DELETE that never asks', [['aside', '{rule: request-open}, to: sure', '{rule: request-open}, to: erase']]],
  [
    'urgent help that leads home',
    [
      [
        'aside',
        'danger: {say: [not-emergency, numbers], menu: {go-on: resume}}',
        'danger: {say: [not-emergency, numbers], menu: {go-on: lost}}\n  lost: {restart: start/topics}',
      ],
    ],
  ],
  ['words into a closed request', [['mine', '      - {to: closed}', '      - {to: written}']]],
  ['a phone that is not safe leads on', [['start', 'menu: {yes: staff, no: unsafe}', 'menu: {yes: staff, no: staff}']]],
  [
    'a change of staff alone sends the case',
    [['start', '- {to: recap}\n  hours: {ask: hours, next: recap}', '- {to: sent}\n  hours: {ask: hours, next: recap}']],
  ],
];

describe('with and without its shortcuts the proof finds the same in flows with', () => {
  it.each(mistakes)('%s', (what, edits) => {
    const given = tiny(edits);
    const { findings, states } = prove(given, { ...usualLimits, now: () => 0 });
    const single = bruteForce(given);
    // Found over the files or over all moves together, not over a single one.
    const apart = ['P3', 'P4', 'P5', 'P16', 'P25', 'P30', 'P32'];
    const places = new Map(Object.keys({ ...given.flow.steps, ...given.flow.fields }).map((ref) => [given.where(ref), ref]));
    for (const name of Object.keys(given.flow.interrupts)) places.set(given.where(`interrupts.${name}`), `interrupts.${name}`);
    given.flow.promises.forEach((_, i) => {
      places.set(given.where(`promises.${i}`), `promises.${i}`);
    });
    const found = findings
      .filter(({ rule, path }) => path !== undefined && !apart.includes(rule))
      .map(({ rule, where }) => `${rule} ${places.get(where)}`);
    expect([...new Set(found)].sort()).toEqual([...single.broken].filter((one) => !apart.includes(one.split(' ')[0] ?? '')).sort());
    if (what === 'none') expect(found).toEqual([]);
    else expect(findings).not.toEqual([]);
    expect(single.states).toBeGreaterThan(states);
  });
});
