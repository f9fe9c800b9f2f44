// Reads the body of a call: JSON, or a form as clients with uploads send it. A file in it is a
// violation, because this bot sends none.
import type { IncomingMessage } from 'node:http';
import { fromForm, type Method } from './schemas.ts';

export type Sent = { fields: unknown } | { wrong: string };

export async function readBody(request: IncomingMessage, method: Method): Promise<Sent> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return { fields: {} };
  if (/^application\/json\b/.test(type)) {
    try {
      return { fields: JSON.parse(body.toString()) };
    } catch {
      return { wrong: "can't parse JSON object" };
    }
  }
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/.test(type)) return { wrong: `content type ${type}` };
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => undefined);
  if (!form) return { wrong: "can't parse the form" };
  const fields: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value !== 'string') return { wrong: `${name}: a file` };
    fields[name] = value;
  }
  return { fields: fromForm(method, fields) };
}
