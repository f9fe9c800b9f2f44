// What the interface can do, for programs and for people, open to everybody: it says nothing about
// anybody. The description is generated from the schemas that check requests (`npm run draw`) and
// kept beside this file; the page shows it without a script.
import type { Response, Router } from 'express';
import { asset } from '../http/assets.ts';
import { html, type Safe, write } from '../http/html.ts';
import description from './openapi.json' with { type: 'json' };

type Media = { schema?: unknown };
type Body = { description?: string; content?: Record<string, Media> };
type Parameter = { name: string; in: string; required?: boolean; description?: string };
type Operation = {
  summary?: string;
  description?: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body>;
};

const operations = (group: object): { at: string; method: string; operation: Operation }[] =>
  Object.entries(group).flatMap(([at, methods]: [string, Record<string, Operation>]) =>
    Object.entries(methods).map(([method, operation]) => ({ at, method, operation })),
  );

/** Words between backticks are names. */
const worded = (text = ''): Safe[] =>
  text.split('`').map((part, at) => (at % 2 === 1 ? html`<code dir="ltr">${part}</code>` : html`${part}`));

/** A schema as it stands in the file; what it refers to is further down. */
const schemaText = (schema: unknown): Safe =>
  html`<pre dir="ltr">${JSON.stringify(schema, null, 1)
    .split(/"#\/components\/schemas\/([^"]+)"/)
    .map((part, at) => (at % 2 === 1 ? html`<a href="#schema-${part}">${part}</a>` : html`${part}`))}</pre>`;

const schemaOf = (body: Body | undefined): Safe[] =>
  Object.entries(body?.content ?? {}).map(
    ([type, media]) => html`<details><summary>${type}</summary>${schemaText(media.schema)}</details>`,
  );

const anchor = (method: string, at: string) => `${method}-${at.replace(/[^\w.]+/g, '-')}`;
const named = ({ at, method }: { at: string; method: string }): Safe =>
  html`<code dir="ltr">${at.startsWith('/') && `${method.toUpperCase()} `}${at}</code>`;

const section = ({
  at,
  method,
  operation,
}: ReturnType<typeof operations>[number]): Safe => html`<section class="box"><h3 id="${anchor(method, at)}">${named({ at, method })}</h3>
<p>${worded(operation.summary)}</p>
${operation.description !== undefined && html`<p>${worded(operation.description)}</p>`}
${operation.security?.length === 0 && html`<p class="hint">No token needed.</p>`}
${
  (operation.parameters ?? []).length > 0 &&
  html`<ul>${(operation.parameters ?? []).map((one) => html`<li><code>${one.name}</code> (${one.in})${one.required && html`, needed`} ${worded(one.description)}</li>`)}</ul>`
}
${operation.requestBody !== undefined && html`<p>Body:</p>${schemaOf(operation.requestBody)}`}
<p>Answers:</p><ul>${Object.entries(operation.responses).map(([status, body]) => html`<li><b>${status}</b> ${worded(body.description)}${/^2/.test(status) && schemaOf(body)}</li>`)}</ul>
</section>`;

const contents = (group: object): Safe =>
  html`<ul>${operations(group).map(({ at, method, operation }) => html`<li><a href="#${anchor(method, at)}">${named({ at, method })}</a> ${at.startsWith('/') && worded(operation.summary)}</li>`)}</ul>`;

const page = (): Safe => html`<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${description.info.title}</title>
<link rel="stylesheet" href="${asset('desk.css')}"><link rel="icon" href="${asset('desk.svg')}" type="image/svg+xml"></head>
<body><main id="main"><h1>${description.info.title}</h1><p>${description.info.description}</p>
<p>The same for programs: <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI ${description.openapi}). Every refusal has the body <a href="#schema-Error">Error</a>: a code to act on, and words that repeat nothing of what was sent.</p>
<nav aria-label="Contents"><p>Addresses</p>${contents(description.paths)}<p>Events</p>${contents(description.webhooks)}</nav>
<h2>Addresses</h2>${operations(description.paths).map(section)}
<h2>Events to an endpoint of yours</h2>${operations(description.webhooks).map(section)}
<h2>Bodies</h2>${Object.entries(description.components.schemas).map(
  ([name, schema]) => html`<details><summary>${name}</summary><div id="schema-${name}">${schemaText(schema)}</div></details>`,
)}
</main></body></html>`;

const hour = (response: Response) => response.set('Cache-Control', 'public, max-age=3600');

/** Before the gate: no token is asked for. */
export function mountDescription(router: Router): void {
  const text = JSON.stringify(description);
  router.get('/openapi.json', (_, response) => void hour(response).type('json').send(text));
  router.get('/docs', (_, response) => void hour(response).type('html').send(write(page())));
}
