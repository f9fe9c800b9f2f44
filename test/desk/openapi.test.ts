// The description of the interface: fresh, sound, and with every address the server answers to programs.
import { readFileSync } from 'node:fs';
import type { Router } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWebApi } from '../../src/channel/web-api.ts';
import { makeApi } from '../../src/desk/api.ts';
import { makeOutsideIn } from '../../src/desk/hook-in.ts';
import { makeHooksIn } from '../../src/desk/receive.ts';
import { outsideEvent } from '../../src/handoff/outside.ts';
import { openApi } from '../../src/tool/openapi.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { routesOf } from '../support/docs.ts';

let on: TestDesk;
beforeAll(async () => {
  on = await startDesk();
});
afterAll(() => on.stop());

const text = readFileSync('src/desk/openapi.json', 'utf8');
const description = JSON.parse(text);
const described = (paths: object) =>
  Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods as object).map((method) => `${method} ${path}`))
    .sort();

/** Every route of a router, as the description writes it. */
function routesIn(router: Router, below: string): string[] {
  return router.stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const methods = Object.keys((route as unknown as { methods: Record<string, boolean> }).methods);
    const path = `${below}${route.path}`.replace(/:(\w+)/g, '{$1}');
    return methods.map((method) => `${method} ${path}`);
  });
}

describe('the description', () => {
  it('is the one the schemas give today', () => {
    expect(openApi() === text, 'npm run draw').toBe(true);
  });

  it('has every address for programs, and no other', () => {
    const web = makeWebApi({} as Parameters<typeof makeWebApi>[0]);
    const there = [
      ...routesIn(makeApi(on.desk), '/api/v1'),
      ...routesIn(makeHooksIn(on.desk), '/hooks'),
      ...routesIn(makeOutsideIn(on.desk), '/hooks'),
      ...routesIn(web, ''),
      // The one route the service itself mounts for programs.
      ...routesOf(readFileSync('src/main.ts', 'utf8')).flatMap((path) => (path.startsWith('/hooks/') ? [`post ${path}`] : [])),
    ];
    expect(there.length).toBeGreaterThan(12);
    expect(described(description.paths)).toEqual([...new Set(there)].sort());
  });

  it('has every event as a webhook, in OpenAPI 3.1, and every reference leads somewhere', () => {
    expect(description.openapi).toBe('3.1.1');
    expect(Object.keys(description.webhooks).sort()).toEqual(outsideEvent.options.map((one) => one.shape.type.value).sort());
    const references = [...text.matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)].map((one) => one[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const name of references) expect(Object.keys(description.components.schemas)).toContain(name);
  });

  it('is given to everybody, as JSON and as a page without a script', async () => {
    const json = await fetch(`${on.base}/api/v1/openapi.json`);
    expect([json.status, json.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await json.json()).toEqual(description);
    const answer = await fetch(`${on.base}/api/v1/docs`);
    const page = await answer.text();
    expect([answer.status, answer.headers.get('content-security-policy')?.includes("default-src 'none'")]).toEqual([200, true]);
    expect(page).not.toMatch(/<script|style=/);
    for (const path of [...Object.keys(description.paths), ...Object.keys(description.webhooks)]) expect(page).toContain(path);
  });

  it('would miss a route that is not in it', () => {
    const router = makeApi(on.desk);
    router.get('/secret', () => {});
    expect(described(description.paths)).not.toEqual(expect.arrayContaining(routesIn(router, '/api/v1')));
  });
});
