// Notes for colleagues, and the history of a request. A restricted note is for its author and protection
// staff: nobody else learns that there is one.
import { html, type Safe } from '../http/html.ts';
import { nameOf, ticked, typed, unsent, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { languageOf } from './session.ts';
import { actionWords, moment, officeName, slug } from './words.ts';

export function notes(desk: Desk, view: View): Safe {
  const { whole, account } = view;
  const lang = languageOf(desk, account);
  const text = (key: string) => desk.text(lang, key);
  return html`<section id="notes"><h2>${text('notes.title')}</h2><p class="hint">${text('notes.inside')}</p>
<ul class="notes" data-live="notes">${whole.notes.map(
    (
      note,
    ) => html`<li><p class="meta"><bdi>${nameOf(desk, view, note.author)}</bdi> · <time>${moment(lang, note.at)}</time>${note.restricted && html` · <b class="flag">${text('notes.restricted')}</b>`}</p>
<p class="words" dir="auto">${note.text === null ? text('case.purged') : html`<bdi>${note.text}</bdi>`}</p></li>`,
  )}</ul>
${
  whole.case.closedAt === null
    ? html`<form method="post" action="/desk/cases/${whole.case.id}/note" class="stack"><input type="hidden" name="once" value="${desk.newId()}">
<label>${text('notes.add')} <textarea id="note-text" name="text" rows="2" maxlength="4096" required dir="auto">${typed(view, 'note', 'text')}</textarea></label>
${whole.case.kind !== 'protection' && html`<label class="tick"><input type="checkbox" name="restricted" value="yes"${ticked(view, 'note', 'restricted').length > 0 && html` checked`}> <span>${text('notes.restrict')}</span></label>`}
<button>${text('notes.save')}</button></form>`
    : unsent(desk, view, 'note')
}</section>`;
}

export function history(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string) => desk.text(lang, key);
  const more = (action: string, detail: string): string | null => {
    const code = slug(detail);
    switch (action) {
      case 'case.closed':
        return text(`close-reason.${code}`);
      case 'message.failed':
        return text(`failed.${code}`);
      case 'phone.revealed':
        return text(`reveal.${code}`);
      case 'consent.answered':
        return text(`answered.${code}`);
      case 'referral.offered':
      case 'referral.taken':
        return detail === '' ? null : officeName(lang, detail);
      case 'case.assigned':
        return nameOf(desk, view, detail);
      case 'level.set':
        return text(detail === 'rules' ? 'level-set.rules' : `level.${detail.split(' ')[0]}`);
      default:
        return null;
    }
  };
  return html`<section><details id="history"><summary>${text('history.title')}</summary><ol class="history" data-live="history">
${view.whole.history.map((row) => {
  const detail = more(row.action, row.detail);
  return html`<li><time>${moment(lang, row.at)}</time> <bdi>${nameOf(desk, view, row.actor)}</bdi>: ${actionWords(desk, lang, row.action)}${detail !== null && html` (${detail})`}</li>`;
})}
</ol></details></section>`;
}
