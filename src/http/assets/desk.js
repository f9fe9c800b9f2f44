// What a script adds to the desk: pages that keep themselves up to date, keys, and ready texts that go
// into the box at once. Without it everything still works by links and forms.

const body = document.body;
const about = body.dataset.about;
const news = document.getElementById('news');
const typing = (one) => one instanceof HTMLElement && one.matches('input:not([type=checkbox], [type=radio]), textarea, select');

// --- Up to date: one stream for the whole browser, and each page fetches only itself. ---

const pause = 400;
const poll = 30_000;
let seq = Number(body.dataset.seq ?? 0);
let waiting = 0;

function changed(data, after = pause) {
  const mine = about === 'queue' || data.all || data.case === about || data.cases?.includes(about);
  if (!mine || waiting) return;
  // Several changes in a moment are one look.
  waiting = setTimeout(() => {
    waiting = 0;
    refresh().catch(() => changed({ all: true }, poll));
  }, after);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { 'x-live': '1' }, redirect: 'manual' });
  if (shut(answer)) return over();
  if (!answer.ok) return changed({ all: true }, poll);
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  let told = false;
  for (const old of document.querySelectorAll('[data-live]')) {
    const now = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
    if (now !== null && differs(old, now)) {
      swap(old, now);
      told ||= old.dataset.live !== 'as-of';
    }
  }
  if (told && news !== null) {
    news.textContent = '';
    news.textContent = news.dataset.one;
  }
}

/** A part with forms in it says by its state whether it changed; any other by its words. */
const differs = (old, now) => ('state' in now.dataset ? old.dataset.state !== now.dataset.state : old.textContent !== now.textContent);

/** Puts the new part in the old one's place. Focus, open boxes and whatever was typed stay. */
function swap(old, now) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const known = new Set([...old.querySelectorAll('[data-case]')].map((row) => row.dataset.case));
  const typed = [...old.querySelectorAll('textarea:not([readonly]), input[name=place], input[name=name], input[name=kept]')];
  for (const box of old.querySelectorAll('details[open][id]')) now.querySelector(`#${box.id}`)?.setAttribute('open', '');
  for (const field of typed.filter((one) => one.value !== '')) {
    const form = field.closest('form')?.getAttribute('action');
    const next = [...now.querySelectorAll(`[name="${field.name}"]`)].find((one) => one.closest('form')?.getAttribute('action') === form);
    if (next?.matches('textarea, input:not([type=radio])')) {
      next.value = field.value;
      if (next.matches('textarea')) next.setSelectionRange(field.selectionStart, field.selectionEnd);
    } else if (field.matches('textarea')) {
      // Its form is gone: the words stay, to be copied.
      field.readOnly = true;
      now.append(field);
    }
  }
  if (known.size > 0) for (const row of now.querySelectorAll('[data-case]')) if (!known.has(row.dataset.case)) row.classList.add('fresh');
  const place = focused === null ? null : placeOf(focused, old);
  old.replaceChildren(...now.childNodes);
  if ('state' in now.dataset) old.dataset.state = now.dataset.state;
  const again = place === null ? null : (old.querySelector(place) ?? null);
  again?.focus({ preventScroll: true });
}

/** How to find the same thing again after the swap. */
function placeOf(one, within) {
  if (one.id) return `#${CSS.escape(one.id)}`;
  const row = one.closest('[data-case]');
  if (row !== null && within.contains(row)) return `[data-case="${row.dataset.case}"] ${one.tagName.toLowerCase()}`;
  return one.name ? `${one.tagName.toLowerCase()}[name="${one.name}"]` : null;
}

/** Signed out, or not for this reader any more; anything else passes. */
const shut = ({ type, status }) => type === 'opaqueredirect' || [401, 403, 404].includes(status);

function over() {
  if (news !== null) news.textContent = news.dataset.off;
}

function listen() {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel('desk') : null;
  const tell = (data) => {
    channel?.postMessage(data);
    changed(data);
  };
  channel?.addEventListener('message', ({ data }) => changed(data));
  const open = () =>
    new Promise((end) => {
      const source = new EventSource(`/desk/live?since=${seq}`);
      source.addEventListener('message', ({ data, lastEventId }) => {
        seq = Number(lastEventId) || seq;
        tell(JSON.parse(data));
      });
      source.addEventListener('over', () => {
        source.close();
        tell({ all: true });
        end();
      });
      // A browser gives up only where it was answered with a no; then the slow way still tells.
      source.addEventListener('error', () => source.readyState === EventSource.CLOSED && slowly());
    });
  // Browsers hold few connections to one place: one page has the stream, the others hear it from there.
  if (navigator.locks === undefined || channel === null) void open();
  else void navigator.locks.request('desk-live', open);
}

function slowly() {
  const ask = async () => {
    const headers = { accept: 'application/json', 'x-live': '1' };
    const answer = await fetch(`/desk/live?since=${seq}`, { headers, redirect: 'manual' }).catch(() => null);
    if (answer !== null && shut(answer)) {
      clearInterval(again);
      return over();
    }
    if (!answer?.ok) return;
    const data = await answer.json();
    seq = data.seq;
    if (data.all || data.cases.length > 0) changed(data);
  };
  const again = setInterval(ask, poll);
  void ask();
}

if (about !== undefined) {
  if ('EventSource' in window) listen();
  else slowly();
  // A page that slept, or that came back from the history, looks at once.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && changed({ all: true }));
  window.addEventListener('pageshow', (event) => event.persisted && changed({ all: true }));
}

// --- Keys: off for whoever wishes, and never while somebody types. ---

const keys = document.getElementById('keys');
const on = document.getElementById('keys-on');
const remembered = 'desk-keys';

function step(by) {
  const links = [...document.querySelectorAll('.row a.ref')];
  if (links.length === 0) return;
  const at = links.findIndex((link) => link.closest('.row').contains(document.activeElement));
  links[Math.min(links.length - 1, Math.max(0, at + by))].focus();
}
const press = (selector) => document.querySelector(selector)?.click();
const enter = (selector) => {
  const field = document.querySelector(selector);
  field?.focus();
  field?.scrollIntoView({ block: 'center' });
};
const claim = () => {
  const row = document.activeElement?.closest('.row');
  const button = (row ?? document).querySelector(
    row === null || row === undefined ? '.reply form[action$="/claim"] button' : 'form button',
  );
  button?.click();
};
const actions = {
  '?': () => keys.showModal(),
  '/': () => enter('.find input'),
  j: () => step(1),
  k: () => step(-1),
  c: claim,
  r: () => enter('#reply-text, .reply input[type=radio]'),
  n: () => enter('#note-text'),
  q: () => press('.top nav a[href="/desk"]'),
};

if (keys !== null && on !== null) {
  on.checked = localStorage.getItem(remembered) !== 'off';
  on.addEventListener('change', () => localStorage.setItem(remembered, on.checked ? 'on' : 'off'));
  document.querySelector('.foot').hidden = false;
  document.getElementById('keys-open').addEventListener('click', () => keys.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !on.checked || keys.open || typing(event.target)) return;
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

// --- Ready texts, into the box where the cursor is. ---

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[name=use]') : null;
  const box = document.getElementById('reply-text');
  if (button === null || box === null) return;
  event.preventDefault();
  const words = button.closest('li').querySelector('p').textContent;
  const before = box.value.slice(0, box.selectionStart);
  box.setRangeText(`${before !== '' && !before.endsWith('\n') ? '\n' : ''}${words}`, box.selectionStart, box.selectionEnd, 'end');
  box.focus();
});

// --- On paper. ---

const print = document.getElementById('print');
if (print !== null) {
  print.hidden = false;
  print.addEventListener('click', () => window.print());
}
