// The form of all files in flows/ as a JSON Schema, so that an editor can say what is allowed while a
// person types. Made from the very schemas that read the files.
import { z } from 'zod';
import { commonFile, flowFile, listsFile } from '../flow/definition.ts';
import { operator } from '../flow/operator.ts';
import { programme } from '../flow/programme.ts';

const files = { common: commonFile, flow: flowFile, lists: listsFile, operator, programme };

/** Each kind of file stands under `definitions`; an editor picks by `flows/schema.json#/definitions/flow`. */
export function flowSchema(): string {
  const definitions = Object.fromEntries(
    Object.entries(files).map(([name, schema]) => {
      const { $schema: _, ...own } = moved(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }), name);
      return [name, own];
    }),
  );
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Files of flows/',
    anyOf: Object.keys(files).map((name) => ({ $ref: `#/definitions/${name}` })),
    definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** References inside a schema follow it to its new place. */
function moved<T>(schema: T, name: string): T {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#', `"$ref":"#/definitions/${name}`);
  return JSON.parse(text);
}
