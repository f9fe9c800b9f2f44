// Where a single-use link leads: a name, a password, a language, and for the very first account the
// roles a one-person team needs to begin.
import type { Role } from '../case/case.ts';
import { html, type Safe } from '../http/html.ts';
import type { Desk } from './desk.ts';
import { alert, page } from './layout.ts';
import { longest, shortest } from './password.ts';
import { languageName } from './words.ts';

export type Given = { name: string; login: string; language: string };
type Welcome = {
  token: string;
  roles: readonly Role[];
  /** Roles that may be ticked beside them. */
  also: readonly Role[];
  problems: string[];
  given?: Given | undefined;
};

export function welcomePage(desk: Desk, lang: string, { token, roles, also, problems, given }: Welcome): Safe {
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const chosen = given?.language ?? lang;
  const role = (name: Role) => html`<li><b>${text(`role.${name}`)}</b>: ${text(`role-means.${name}`)}</li>`;
  const body = html`<div class="narrow"><h1>${text('welcome.title')}</h1>
${alert(problems)}
<p>${text('welcome.roles')}</p>
<ul>${roles.map(role)}</ul>
<form method="post" action="/desk/welcome/${token}" class="stack">
${
  also.length > 0 &&
  html`<fieldset><legend>${text('welcome.also')}</legend>
${also.map(
  (name) =>
    html`<label class="tick"><input type="checkbox" name="also" value="${name}"> <span><b>${text(`role.${name}`)}</b>: ${text(`role-means.${name}`)}</span></label>`,
)}
</fieldset>`
}
<label>${text('welcome.name')} <input name="name" value="${given?.name ?? ''}" autocomplete="name" required maxlength="60" dir="auto"></label>
<label>${text('welcome.login')} <input name="login" value="${given?.login ?? ''}" autocomplete="username" autocapitalize="none" spellcheck="false" required minlength="3" maxlength="60" dir="auto"></label>
<label>${text('welcome.password', { shortest: String(shortest) })} <input name="password" type="password" autocomplete="new-password" required minlength="${shortest}" maxlength="${longest}"></label>
<label>${text('welcome.again')} <input name="again" type="password" autocomplete="new-password" required minlength="${shortest}" maxlength="${longest}"></label>
<label>${text('welcome.language')} <select name="language">
${desk.languages.map((one) => html`<option value="${one}" lang="${one}"${one === chosen && html` selected`}>${languageName(one, one)}</option>`)}
</select></label>
<button class="main">${text('welcome.go')}</button>
</form></div>`;
  return page(desk, { lang, title: text('welcome.title'), account: null, body });
}
