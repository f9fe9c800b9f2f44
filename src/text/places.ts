// Where a thing of the flows stands in its file, for findings that are only seen once all files are one
// graph: a step by `file/step`, a field by its name, anything else of common.yaml by its dotted path.
import type { Files } from './read.ts';

/** `file:line:col`. What cannot be found is said to stand at the beginning of common.yaml. */
export function places({ flows, common }: Files): (ref: string) => string {
  return (ref) => {
    if (common.value.fields[ref] !== undefined) return common.key(['fields', ref]);
    const [file = '', step = ''] = ref.split('/');
    const read = flows.get(file);
    if (step !== '' && read !== undefined) return read.key(['steps', step]);
    if (step === '' && read !== undefined && !(ref in common.value)) return read.key(['steps']);
    return common.key(ref.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
  };
}
