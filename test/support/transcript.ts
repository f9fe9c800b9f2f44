// A chat as a telephone shows it, drawn by us: nobody else's app. For pictures in the docs, and to see
// whether options can be read on a narrow screen.
import { html, type Safe, write } from '../../src/http/html.ts';

export type Bubble = { from: 'us' | 'them'; text: string; buttons?: string[][] };

const style = `
* { box-sizing: border-box; margin: 0 }
body { font: 15px/1.35 system-ui, "DejaVu Sans", sans-serif; background: #dfe6e2; padding: 12px; color: #16211c }
article { max-width: 88%; margin: 0 0 8px; padding: 8px 11px; border-radius: 10px; background: #fff; white-space: pre-line; unicode-bidi: plaintext }
article.them { margin-left: auto; width: fit-content; background: #cfe8d8 }
.row { display: flex; gap: 5px; margin: 0 0 5px; font-size: 14px }
.row span { flex: 1 1 0; min-width: 0; padding: 8px 4px; border-radius: 8px; background: #46705c; color: #fff; text-align: center; overflow: hidden; white-space: nowrap }
.row:last-of-type { margin-bottom: 10px }`;

/** Not every machine has a font with coloured signs. */
const plain = (text: string) => text.replaceAll('✅', '✓');

const bubble = ({ from, text, buttons = [] }: Bubble): Safe => html`<article class="${from}">${plain(text)}</article>
${buttons.map((row) => html`<div class="row">${row.map((label) => html`<span>${plain(label)}</span>`)}</div>`)}`;

/** One page; its style stands apart, because a page of the product may have none. */
export const transcriptPage = (language: string, direction: 'ltr' | 'rtl', bubbles: Bubble[]): { page: string; style: string } => ({
  page: String(
    write(html`<!doctype html><html lang="${language}" dir="${direction}"><meta charset="utf-8"><title>chat</title>
<body>${bubbles.map(bubble)}</body></html>`),
  ),
  style,
});
