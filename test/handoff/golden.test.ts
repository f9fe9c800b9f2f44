// What others were promised they may send us, one of each, kept for ever: a schema that refuses or changes one
// of them would break somebody's software, or a bot that is upgraded later than its desk. What we send to
// outside systems is kept in the same way (test/desk/announce.test.ts).
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { caseEvent, deskEvent } from '../../src/handoff/contract.ts';
import { insideEvent } from '../../src/handoff/outside.ts';

type Union = z.ZodType & { options: readonly { shape: { type: { value: string } } }[] };
const files: [file: string, schema: Union][] = [
  ['inbound', insideEvent],
  ['from-bot', caseEvent],
  ['from-desk', deskEvent],
];

it.for(files)('every event of %s.json is taken as it is, and no type is missing', ([file, schema]) => {
  const golden: { type: string }[] = JSON.parse(readFileSync(`test/data/${file}.json`, 'utf8'));
  for (const event of golden) expect(schema.parse(event)).toEqual(event);
  const types = new Set(schema.options.map(({ shape }) => shape.type.value));
  expect(new Set(golden.map(({ type }) => type))).toEqual(types);
});
