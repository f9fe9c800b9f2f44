// Who may go where: the whole table. The router is built from it and a test walks it with every set
// of roles, so a page without a row here does not exist.
import { roles as all, type Role } from '../case/case.ts';

export type Entry = { name: string; method: 'get' | 'post'; path: string; roles: readonly Role[] };

const workers = ['caseworker', 'protection'] as const;
const readers = ['caseworker', 'protection', 'supervisor'] as const;

/** Below `/desk`, for those who are signed in. Which requests somebody sees is decided in `case/queue.ts`. */
export const table = [
  { name: 'home', method: 'get', path: '/', roles: all },
  { name: 'live', method: 'get', path: '/live', roles: readers },
  { name: 'find', method: 'post', path: '/find', roles: readers },
  { name: 'case', method: 'get', path: '/cases/:id', roles: readers },
  { name: 'claim', method: 'post', path: '/cases/:id/claim', roles: workers },
  { name: 'release', method: 'post', path: '/cases/:id/release', roles: readers },
  { name: 'reply', method: 'post', path: '/cases/:id/reply', roles: workers },
  { name: 'note', method: 'post', path: '/cases/:id/note', roles: readers },
  { name: 'reveal', method: 'post', path: '/cases/:id/reveal', roles: workers },
  { name: 'appoint', method: 'post', path: '/cases/:id/appoint', roles: workers },
  { name: 'missed', method: 'post', path: '/cases/:id/missed', roles: workers },
  { name: 'close', method: 'post', path: '/cases/:id/close', roles: readers },
  { name: 'assign', method: 'post', path: '/cases/:id/assign', roles: readers },
  { name: 'refer', method: 'post', path: '/cases/:id/refer', roles: readers },
  { name: 'take', method: 'post', path: '/cases/:id/take', roles: readers },
  { name: 'turn-back', method: 'post', path: '/cases/:id/turn-back', roles: readers },
  { name: 'level', method: 'post', path: '/cases/:id/level', roles: readers },
  { name: 'heard', method: 'post', path: '/cases/:id/heard', roles: workers },
  { name: 'confirm', method: 'post', path: '/cases/:id/confirm', roles: workers },
  { name: 'share', method: 'post', path: '/cases/:id/share', roles: workers },
  { name: 'embassy', method: 'post', path: '/cases/:id/embassy', roles: workers },
  { name: 'return', method: 'post', path: '/cases/:id/return', roles: workers },
  { name: 'erase-ask', method: 'get', path: '/cases/:id/erase', roles: ['supervisor', 'protection'] },
  { name: 'erase', method: 'post', path: '/cases/:id/erase', roles: ['supervisor', 'protection'] },
  { name: 'statistics', method: 'get', path: '/statistics', roles: ['supervisor', 'auditor'] },
  { name: 'statistics-file', method: 'get', path: '/statistics/file', roles: ['supervisor', 'auditor'] },
  { name: 'export', method: 'get', path: '/export', roles: ['supervisor'] },
  { name: 'export-file', method: 'post', path: '/export', roles: ['supervisor'] },
  { name: 'people', method: 'get', path: '/people', roles: ['administrator'] },
  { name: 'offices', method: 'post', path: '/people/:id/offices', roles: ['administrator'] },
  { name: 'invite', method: 'post', path: '/people/invite', roles: ['administrator'] },
  { name: 'disable', method: 'post', path: '/people/:id/disable', roles: ['administrator'] },
  { name: 'sign-out-all', method: 'post', path: '/people/:id/sign-out', roles: ['administrator'] },
  { name: 'code-off', method: 'post', path: '/people/:id/code/drop', roles: ['administrator'] },
  { name: 'me', method: 'get', path: '/me', roles: all },
  { name: 'me-end', method: 'post', path: '/me/sessions/:handle', roles: all },
  { name: 'me-end-others', method: 'post', path: '/me/sessions', roles: all },
  { name: 'me-code-new', method: 'post', path: '/me/code/new', roles: all },
  { name: 'me-code-confirm', method: 'post', path: '/me/code/confirm', roles: all },
  { name: 'me-code-drop', method: 'post', path: '/me/code/drop', roles: all },
  { name: 'me-notices', method: 'post', path: '/me/notices', roles: all },
  { name: 'partners', method: 'get', path: '/partners', roles: ['supervisor', 'administrator'] },
  { name: 'addLink', method: 'post', path: '/partners', roles: ['supervisor', 'administrator'] },
  { name: 'revokeLink', method: 'post', path: '/partners/:code/revoke', roles: ['supervisor', 'administrator'] },
  { name: 'channels', method: 'get', path: '/channels', roles: ['administrator'] },
  { name: 'endpoints', method: 'get', path: '/endpoints', roles: ['administrator'] },
  { name: 'endpoint-add', method: 'post', path: '/endpoints/add', roles: ['administrator'] },
  { name: 'endpoint', method: 'get', path: '/endpoints/:id', roles: ['administrator'] },
  { name: 'endpoint-test', method: 'post', path: '/endpoints/:id/test', roles: ['administrator'] },
  { name: 'endpoint-pause', method: 'post', path: '/endpoints/:id/pause', roles: ['administrator'] },
  { name: 'endpoint-resume', method: 'post', path: '/endpoints/:id/resume', roles: ['administrator'] },
  { name: 'endpoint-rotate', method: 'post', path: '/endpoints/:id/rotate', roles: ['administrator'] },
  { name: 'endpoint-replay', method: 'post', path: '/endpoints/:id/replay', roles: ['administrator'] },
  { name: 'endpoint-remove', method: 'post', path: '/endpoints/:id/remove', roles: ['administrator'] },
  { name: 'log', method: 'get', path: '/log', roles: ['supervisor', 'auditor'] },
] as const satisfies readonly Entry[];

export type Name = (typeof table)[number]['name'];

export const may = (held: readonly Role[], name: Name): boolean =>
  table.some((entry) => entry.name === name && entry.roles.some((role) => held.some((one) => one === role)));
