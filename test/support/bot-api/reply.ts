// The two shapes of a Bot API answer. The HTTP status always equals `error_code`, as at Telegram.

export type Reply = { status: number; body: Record<string, unknown> };

export const ok = (result: unknown): Reply => ({ status: 200, body: { ok: true, result } });

export const fail = (code: number, description: string, parameters?: Record<string, number>): Reply => ({
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) },
});

export const unauthorized = fail(401, 'Unauthorized');
export const tooMany = (seconds: number) => fail(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
export const badRequest = (what: string) => fail(400, `Bad Request: ${what}`);
