// JSON lines. Only the listed fields exist, so nothing a person wrote or is
// called can be logged by mistake: there is no free-text field.

const levels = ['info', 'warn', 'error'] as const;

export type Fields = {
  /** Error class or code of ours, never a message that could quote somebody. */
  code?: string;
  channel?: string;
  /** Keyed hash of a person or conversation, never an address. */
  who?: string;
  caseId?: string;
  path?: string;
  status?: number;
  ms?: number;
  count?: number;
  state?: string;
};

export type Log = Record<(typeof levels)[number], (event: string, fields?: Fields) => void>;

export function makeLog(write: (line: string) => void, now: () => Date): Log {
  const line =
    (level: string) =>
    (event: string, fields: Fields = {}) => {
      const { code, channel, who, caseId, path, status, ms, count, state } = fields;
      write(`${JSON.stringify({ at: now().toISOString(), level, event, code, channel, who, caseId, path, status, ms, count, state })}\n`);
    };
  return { info: line('info'), warn: line('warn'), error: line('error') };
}

/** What may be said of a thrown thing: its class and code, never its message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? `:${error.code}` : '';
  const number = 'errcode' in error && typeof error.errcode === 'number' ? `:${error.errcode}` : '';
  return `${error.name}${code}${number}`;
}
