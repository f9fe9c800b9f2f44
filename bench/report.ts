// Figures as tables and plots: what `npm run bench` writes into docs/performance.md, between its two marks.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { DeskRow } from './desk.ts';
import type { Point } from './growth.ts';
import type { Row as HandoffRow } from './handoff.ts';
import type { Row } from './judge.ts';

export type Results = {
  at: string;
  rounds: number;
  people: number;
  rows: Row[];
  growth: { store: string; points: Point[] }[];
  desk: DeskRow[];
  handoff: HandoffRow[];
};

const docs = join(import.meta.dirname, '..', 'docs');
const page = join(docs, 'performance.md');
const [begin, end] = ['<!-- figures: npm run bench -->', '<!-- end of figures -->'];

const fixed = (value: number, digits = 0) => value.toFixed(digits);
const count = (value: number) => value.toLocaleString('en');
const table = (head: string[], lines: string[][]) =>
  [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines.map((line) => `| ${line.join(' | ')} |`)].join('\n');
const nameOf = ({ name, store, how }: Row) => `${name}${name === 'floor' ? '' : ` on ${store}`}${how === 'taps' ? ', tapped' : ''}`;

/** Bars of CPU per update to the floor of the same round, with the least and the most of all rounds. */
function bars(rows: Row[]): string {
  const wide = 640;
  const left = 210;
  const step = 30;
  const most = Math.max(...rows.map(({ ratio }) => ratio.max));
  const x = (value: number) => left + ((wide - left - 60) * value) / most;
  const lines = rows.map((row, i) => {
    const y = 20 + i * step;
    const { median, min, max } = row.ratio;
    return `<text x="0" y="${y + 13}">${nameOf(row)}</text><rect x="${left}" y="${y}" width="${fixed(x(median) - left, 1)}" height="16" fill="${row.name === 'avr-bot' ? '#0b4f8a' : '#9aa3ab'}"/><path d="M${fixed(x(min), 1)} ${y + 8}H${fixed(x(max), 1)}" stroke="#1b1f23"/><text x="${fixed(x(max) + 6, 1)}" y="${y + 13}">${fixed(median, 2)}</text>`;
  });
  return svg(wide, 30 + rows.length * step, 'CPU per update, in units of the floor: median, least and most of all rounds', lines);
}

/** CPU per update against open conversations. */
function curve(growth: Results['growth']): string {
  const [wide, high, left] = [640, 220, 60];
  const all = growth.flatMap(({ points }) => points);
  const most = Math.max(...all.map(({ cpu }) => cpu));
  const sizes = all.map(({ open }) => Math.log10(Math.max(1, open)));
  const x = (open: number) => left + ((wide - left - 20) * Math.log10(Math.max(1, open))) / Math.max(...sizes, 1);
  const y = (cpu: number) => high - 40 - ((high - 70) * cpu) / most;
  const lines = growth.flatMap(({ store, points }, i) => {
    const colour = ['#0b4f8a', '#b3541e'][i] ?? '#1b1f23';
    const path = points.map(({ open, cpu }, at) => `${at === 0 ? 'M' : 'L'}${fixed(x(open), 1)} ${fixed(y(cpu), 1)}`).join('');
    const dots = points.map(({ open, cpu }) => `<circle cx="${fixed(x(open), 1)}" cy="${fixed(y(cpu), 1)}" r="3" fill="${colour}"/>`);
    return [
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...dots,
      `<text x="${left + i * 120}" y="16" fill="${colour}">${store}</text>`,
    ];
  });
  const marks = [...new Set(all.map(({ open }) => open))].map(
    (open) => `<text x="${fixed(x(open), 1)}" y="${high - 18}" text-anchor="middle">${count(open)}</text>`,
  );
  const axis = `<path d="M${left} 24V${high - 40}H${wide - 10}" fill="none" stroke="#6b7278"/><text x="0" y="${fixed(y(most) + 4, 1)}">${fixed(most)} µs</text><text x="0" y="${high - 36}">0</text><text x="${wide / 2}" y="${high - 2}" text-anchor="middle">open conversations</text>`;
  return svg(wide, high, 'CPU per update against open conversations', [axis, ...lines, ...marks]);
}

const svg = (wide: number, high: number, title: string, inside: string[]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" role="img" font-family="system-ui,sans-serif" font-size="13"><title>${title}</title><rect width="${wide}" height="${high}" fill="#fff"/>${inside.join('')}</svg>\n`;

function sections({ at, rounds, people, rows, growth, desk, handoff }: Results): string[] {
  const [cpu] = cpus();
  const parts = [
    `Measured ${at.slice(0, 10)} on ${cpus().length} × ${cpu?.model ?? 'unknown'}, Linux ${release()}, Node ${process.version.slice(1)}.`,
  ];
  if (rows.length > 0) {
    const lines = rows.map((row) => [
      ...[nameOf(row), fixed(row.cpu.median), `${fixed(row.ratio.median, 2)} (${fixed(row.ratio.min, 2)}–${fixed(row.ratio.max, 2)})`],
      ...[count(Math.round(row.perSecond)), fixed(row.p50, 1), `${fixed(row.p99, 1)} (${fixed(row.p99Ratio.median, 2)})`],
      ...[fixed(row.heapMB, 1), fixed(row.startMs)],
    ]);
    const head = [
      '',
      'CPU µs an update',
      'to the floor (least–most)',
      'updates/s',
      'p50 ms',
      'p99 ms (to the floor)',
      'heap MB',
      'start ms',
    ];
    parts.push(
      `### One conversation, ${rounds} rounds of ${count(people)} people`,
      table(head, lines),
      '![CPU per update in units of the floor](pictures/performance-cpu.svg)',
    );
    writeFileSync(join(docs, 'pictures', 'performance-cpu.svg'), bars(rows));
  }
  if (growth.length > 0) {
    const lines = growth.flatMap(({ store, points }) =>
      points.map((one) => [
        store,
        count(one.open),
        fixed(one.cpu),
        fixed(one.heap / 1_048_576, 1),
        one.open < 100 ? '–' : count(Math.round(one.bytesEach)),
      ]),
    );
    parts.push(
      '### More and more open conversations',
      table(['store', 'open', 'CPU µs an update', 'heap MB', 'bytes stored each'], lines),
      '![CPU per update against open conversations](pictures/performance-growth.svg)',
    );
    writeFileSync(join(docs, 'pictures', 'performance-growth.svg'), curve(growth));
  }
  if (desk.length > 0) {
    const lines = desk.map((one) => [one.what, count(one.cases), count(one.open), fixed(one.p50, 1), fixed(one.p95, 1)]);
    parts.push('### The desk, embedded stores, one reader at a time', table(['', 'requests', 'open', 'p50 ms', 'p95 ms'], lines));
  }
  if (handoff.length > 0)
    parts.push(
      '### 10,000 events to 20 systems elsewhere, five of them broken',
      table(
        ['', 'value', ''],
        handoff.map(({ name, value, unit }) => [name, count(Number(fixed(value, 1))), unit]),
      ),
    );
  return parts;
}

/** Puts the figures into the page, in place of those before. */
export function publish(results: Results): void {
  const text = readFileSync(page, 'utf8');
  const inside = sections(results).join('\n\n');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost its marks`);
  writeFileSync(page, `${before}${begin}\n${inside}\n${end}${after}`);
}
