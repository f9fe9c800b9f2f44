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

const schemaOf = (body: Body | undefined): Safe[] =>
  Object.entries(body?.content ?? {}).map(
    ([type, media]) => html`<details><summary>${type}</summary><pre dir="ltr">${JSON.stringify(media.schema, null, 1)}</pre></details>`,
  );

const section = ({
  at,
  method,
  operation,
}: ReturnType<typeof operations>[number]): Safe => html`<section class="box"><h3 id="${method}-${at}">
<code dir="ltr">${method.toUpperCase()} ${at}</code></h3>
<p>${operation.summary}</p>
${operation.description !== undefined && html`<p>${operation.description}</p>`}
${operation.security?.length === 0 && html`<p class="hint">No token needed.</p>`}
${
  (operation.parameters ?? []).length > 0 &&
  html`<ul>${(operation.parameters ?? []).map((one) => html`<li><code>${one.name}</code> (${one.in})${one.required && html`, needed`} ${one.description}</li>`)}</ul>`
}
${operation.requestBody !== undefined && html`<p>Body:</p>${schemaOf(operation.requestBody)}`}
<ul>${Object.entries(operation.responses).map(([status, body]) => html`<li><b>${status}</b> ${body.description}${schemaOf(body)}</li>`)}</ul>
</section>`;

const page = (): Safe => html`<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${description.info.title}</title>
<link rel="stylesheet" href="${asset('desk.css')}"><link rel="icon" href="${asset('desk.svg')}" type="image/svg+xml"></head>
<body><main id="main"><h1>${description.info.title}</h1><p>${description.info.description}</p>
<p><a href="/api/v1/openapi.json">openapi.json</a></p>
<h2>Addresses</h2>${operations(description.paths).map(section)}
<h2>Events to an endpoint of yours</h2>${operations(description.webhooks).map(section)}
<h2>Bodies</h2>${Object.entries(description.components.schemas).map(
  ([name, schema]) => html`<details><summary>${name}</summary><pre dir="ltr">${JSON.stringify(schema, null, 1)}</pre></details>`,
)}
</main></body></html>`;

const hour = (response: Response) => response.set('Cache-Control', 'public, max-age=3600');

/** Before the gate: no token is asked for. */
export function mountDescription(router: Router): void {
  const text = JSON.stringify(description);
  router.get('/openapi.json', (_, response) => void hour(response).type('json').send(text));
  router.get('/docs', (_, response) => void hour(response).type('html').send(write(page())));
}
