// Plots drawn on the server as SVG, in presentation attributes and classes, so that they need neither
// script nor inline style. What is not shown in the table is not drawn either: a short dashed bar.
import { html, type Safe } from '../http/html.ts';
import type { Shown } from './suppress.ts';

export type Bar = Shown & { label: string };
type Given = { id: string; title: string; desc: string; bars: Bar[]; rtl: boolean };

const wide = 360;
const most = (bars: Bar[]) => Math.max(1, ...bars.map(({ count }) => count ?? 0));

const frame = ({ id, title, desc }: Given, tall: number, inside: Safe[]): Safe =>
  html`<svg class="plot" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${wide} ${tall}"><title id="${id}-t">${title}</title><desc id="${id}-d">${desc}</desc>${inside}</svg>`;

/** One bar below the other, each under its label; from right to left where the page is. */
export function rows(given: Given): Safe {
  const { bars, rtl } = given;
  const top = most(bars);
  const step = 38;
  const one = ({ label, count }: Bar, at: number) => {
    const y = at * step;
    const long = count === null ? 14 : Math.max(2, Math.round(((wide - 50) * count) / top));
    const x = rtl ? wide - long : 0;
    const beyond = rtl ? wide - long - 6 : long + 6;
    return html`<text x="${rtl ? wide : 0}" y="${y + 13}" direction="${rtl ? 'rtl' : 'ltr'}">${label}</text>
<rect class="${count === null ? 'few' : 'bar'}" x="${x}" y="${y + 18}" width="${long}" height="13"/>
${count !== null && html`<text x="${beyond}" y="${y + 29}" text-anchor="${rtl ? 'end' : 'start'}" direction="ltr">${count}</text>`}`;
  };
  return frame(given, bars.length * step, bars.map(one));
}

/** One column beside the other; every seventh is named below. */
export function columns(given: Given): Safe {
  const { bars, rtl } = given;
  const top = most(bars);
  const high = 120;
  const step = wide / Math.max(1, bars.length);
  const one = ({ label, count }: Bar, at: number) => {
    const tall = count === null ? 5 : Math.max(2, Math.round((high * count) / top));
    const x = (rtl ? bars.length - 1 - at : at) * step;
    return html`<rect class="${count === null ? 'few' : 'bar'}" x="${(x + 1).toFixed(1)}" y="${high + 18 - tall}" width="${(step - 2).toFixed(1)}" height="${tall}"/>
${at % 7 === 0 && html`<text x="${(x + step / 2).toFixed(1)}" y="${high + 34}" text-anchor="middle" direction="ltr">${label}</text>`}`;
  };
  const scale = html`<text x="${rtl ? wide : 0}" y="12" text-anchor="${rtl ? 'end' : 'start'}" direction="ltr">${Math.max(0, ...bars.map(({ count }) => count ?? 0))}</text>`;
  return frame(given, high + 40, [scale, ...bars.map(one)]);
}
