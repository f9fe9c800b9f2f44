// What a Dockerfile says, line by line, and which files `.dockerignore` lets into the image: as much of
// both as ours use. Anything else is an error, so that no line is passed over in silence.

export type Line = { word: string; rest: string };

const known = ['FROM', 'ARG', 'ENV', 'WORKDIR', 'COPY', 'RUN', 'USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'CMD'];

export function linesOf(dockerfile: string): Line[] {
  const whole = dockerfile.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  return whole.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (!known.includes(word)) throw new Error(`not understood: ${line}`);
    return [{ word, rest }];
  });
}

/** `A=1 B=two`, as in ENV and ARG. */
export const pairsOf = (rest: string): [string, string][] =>
  rest.split(/\s+/).map((pair) => {
    const [, name = '', value = ''] = /^(\w+)=([^"'\\]*)$/.exec(pair) ?? [];
    if (name === '') throw new Error(`not understood: ${pair}`);
    return [name, value];
  });

/** The words of a command as it is written: `CMD [...]`, also behind the options of HEALTHCHECK. */
export function commandOf(rest: string): string[] {
  const parsed: unknown = JSON.parse(rest.slice(rest.indexOf('[')));
  if (!Array.isArray(parsed) || !parsed.every((one) => typeof one === 'string')) throw new Error(`not understood: ${rest}`);
  return parsed;
}

/** Ours leaves everything out but what begins with `!`. */
export function lets(ignore: string, path: string): boolean {
  const lines = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (lines[0] !== '*' || lines.slice(1).some((line) => !/^![\w.-]+$/.test(line))) throw new Error('.dockerignore is not understood');
  return lines.includes(`!${path}`);
}
