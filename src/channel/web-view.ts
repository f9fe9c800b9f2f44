// How the conversation looks as a page: plain elements that every browser and reader knows. Yes and No
// are made by the same line of code, so neither can ever be larger, first or brighter.
import { asset } from '../http/assets.ts';
import { html, type Safe } from '../http/html.ts';
import type { Choice } from './channel.ts';
import type { Entry } from './web-transcript.ts';

export type PageWords = { lang: string; dir: 'ltr' | 'rtl'; text(key: string): string };

function frame({ lang, dir, text }: PageWords, body: Safe): Safe {
  return html`<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${text('title')}</title>
<link rel="stylesheet" href="${asset('chat.css')}">
<link rel="icon" href="${asset('chat.svg')}" type="image/svg+xml">
<script src="${asset('chat.js')}" defer></script>
</head>
<body>
${body}
</body>
</html>`;
}

/** `id` is the form's own: sent twice, it counts once. */
export function chatPage(words: PageWords, entries: Entry[], id: string): Safe {
  const { text } = words;
  const last = entries.at(-1);
  const choices = last?.from === 'us' ? last.choices : [];
  const first = newest(entries);
  return frame(
    words,
    html`<header>
<h1>${text('title')}</h1>
<form method="post" action="/chat/leave"><button class="leave">${text('leave')}</button></form>
</header>
<main>
<div id="log" role="log" aria-label="${text('log')}">
${entries.map((entry, i) => entryView(words, entry, i === first))}
</div>
<div id="end" role="group" aria-label="${text('choices')}" tabindex="-1">
<form class="choices" method="post" action="/chat">
<input type="hidden" name="id" value="${id}">
${choices.length > 0 ? choiceButtons(choices) : html`<div class="answers"><button name="choice" value="~go">${text('go')}</button></div>`}
</form>
<form class="write" method="post" action="/chat">
<input type="hidden" name="id" value="${id}t">
<label for="text">${text('write')}</label>
<div><textarea id="text" name="text" dir="auto" rows="1" maxlength="4096" autocomplete="off"></textarea>
<button>${text('send')}</button></div>
</form>
</div>
</main>
<footer>
<noscript><form method="post" action="/chat"><button>${text('look')}</button></form></noscript>
<p>${text('closed-page')}</p>
<p>${text('shared-phone')}</p>
</footer>
<p id="status" role="status" data-busy="${text('busy')}" data-failed="${text('failed')}"></p>`,
  );
}

/** Where to begin to read: the first message after the person's own last words. */
function newest(entries: Entry[]): number {
  const own = entries.findLastIndex((entry) => entry.from === 'them');
  return Math.min(own + 1, entries.length - 1);
}

function entryView({ text }: PageWords, entry: Entry, isNew: boolean): Safe {
  const place = html`data-id="${entry.id}"${isNew && html` id="new"`}`;
  if (entry.from === 'them')
    return html`<article class="them" ${place}><p class="who">${text('you')}</p>${lines(entry.text, 'auto', null)}</article>`;
  return html`<article class="us" ${place}>${lines(entry.text, entry.dir, entry.lang)}</article>`;
}

/** Paragraphs at empty lines, breaks at the others. A telephone number of ours stays on one line: half of it is another number. */
function lines(text: string, dir: string, lang: string | null): Safe[] {
  return text.split(/\n{2,}/).map((part) => {
    const whole = lang === null ? part : part.replace(/(?<=\d) (?=\d)/g, '\u00a0');
    const parts = whole.split('\n').map((line, i) => (i === 0 ? html`${line}` : html`<br>${line}`));
    return lang === null ? html`<p dir="${dir}">${parts}</p>` : html`<p dir="${dir}" lang="${lang}">${parts}</p>`;
  });
}

function choiceButtons(choices: Choice[]): Safe {
  const aside = (choice: Choice) => choice.kind === 'back' || choice.kind === 'person' || choice.kind === 'urgent';
  const button = (choice: Choice) => html`<button name="choice" value="${choice.id}" class="${choice.kind}">${choice.label}</button>`;
  const answers = choices.filter((choice) => !aside(choice));
  return html`${answers.length > 0 && html`<div class="answers">${answers.map(button)}</div>`}
<div class="aside">${choices.filter(aside).map(button)}</div>`;
}

/** A page that says nothing about what was talked of. */
export function leftPage(words: PageWords, sentence: string): Safe {
  return frame(words, html`<main class="left"><h1>${sentence}</h1><p><a href="/chat">${words.text('again')}</a></p></main>`);
}
