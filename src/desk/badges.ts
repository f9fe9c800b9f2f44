// Small marks that queue and case page share. A level is told by shape, word and colour together.
import type { Case, Level } from '../case/case.ts';
import { html, type Safe } from '../http/html.ts';
import type { Desk } from './desk.ts';
import { slug } from './words.ts';

const shapes: Record<Level, string> = { urgent: '▲', high: '◆', normal: '●' };

export const levelMark = (desk: Desk, lang: string, level: Level): Safe =>
  html`<span class="level ${level}"><span aria-hidden="true">${shapes[level]}</span> ${desk.text(lang, `level.${level}`)}</span>`;

export const kindMark = (desk: Desk, lang: string, kase: Case): Safe =>
  html`<span class="kind">${desk.text(lang, `kind.${kase.kind}`)}</span>`;

export const statusMark = (desk: Desk, lang: string, kase: Case): Safe =>
  html`<span class="status">${desk.text(lang, `status.${slug(kase.status)}`)}</span>`;

export const reasonList = (desk: Desk, lang: string, kase: Case): Safe =>
  html`<ul class="reasons">${kase.reasons.map((code) => html`<li>${desk.text(lang, `reason.${code}`)}</li>`)}</ul>`;

/** Both levels stay visible: what a caseworker set, with who and why, and what the rules say. */
export function overrideWords(desk: Desk, lang: string, { override, level }: Case, name: (id: string) => string): string {
  if (override === null) return '';
  const values = { set: desk.text(lang, `level.${override.level}`), rules: desk.text(lang, `level.${level}`), name: name(override.by) };
  return desk.text(lang, 'level-set.told', { ...values, why: desk.text(lang, `level-reason.${override.why}`) });
}
