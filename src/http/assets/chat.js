// Makes the page quicker where scripts run: sends forms without loading the page anew, adds only what
// is new so that a reader hears only that, and looks for a caseworker's words now and then. Everything
// works without it.
(() => {
  const at = (id) => document.getElementById(id);
  if (!at('log') || !at('end') || !at('status')) return;
  let busy = false;

  const read = (text) => new DOMParser().parseFromString(text, 'text/html');
  const idsOf = (log) => [...log.children].map((one) => one.dataset.id);

  /** Takes over what differs, and says whether there are new messages. */
  const show = (page) => {
    const log = page.getElementById('log');
    const end = page.getElementById('end');
    if (!log || !end) throw new Error('not a chat');
    const there = idsOf(log);
    const here = idsOf(at('log'));
    const newest = page.getElementById('new')?.dataset.id;
    for (const one of [...at('log').children]) if (!there.includes(one.dataset.id)) one.remove();
    for (const one of [...log.children]) if (!here.includes(one.dataset.id)) at('log').append(document.adoptNode(one));
    at('new')?.removeAttribute('id');
    const first = [...at('log').children].find((one) => one.dataset.id === newest);
    if (first) first.id = 'new';
    at('end').replaceWith(document.adoptNode(end));
    if (document.documentElement.lang !== page.documentElement.lang) translate(page);
    return there.some((id) => !here.includes(id));
  };

  /** Another language was chosen: what stands around the messages changes with it. */
  const translate = (page) => {
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    document.title = page.title;
    at('log').ariaLabel = page.getElementById('log')?.ariaLabel ?? '';
    for (const name of ['header', 'footer', '#status']) {
      const [old, fresh] = [document.querySelector(name), page.querySelector(name)];
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
  };

  const request = async (options) => {
    const response = await fetch('/chat', { credentials: 'same-origin', ...options });
    if (!response.ok) throw new Error('not sent');
    return read(await response.text());
  };

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.getAttribute('action') !== '/chat') return;
    event.preventDefault();
    if (busy) return;
    const data = new URLSearchParams(new FormData(form, event.submitter));
    const text = data.get('text');
    if (!data.get('choice') && !text?.trim()) return;
    busy = true;
    at('end').ariaBusy = 'true';
    at('status').textContent = '';
    const slow = setTimeout(() => {
      at('status').textContent = at('status').dataset.busy;
    }, 1_000);
    try {
      const draft = text === null ? at('text').value : '';
      const added = show(await request({ method: 'POST', body: data }));
      at('text').value = draft;
      at('status').textContent = '';
      // A mark leaves the same buttons: the hand stays where it was.
      const again = [...document.querySelectorAll('.choices button')].find((one) => one.value === data.get('choice'));
      const writes = text !== null && !document.querySelector('.answers');
      (again ?? (writes ? at('text') : at('end'))).focus({ preventScroll: true });
      if (added) at('new')?.scrollIntoView({ block: 'start' });
    } catch {
      at('status').textContent = at('status').dataset.failed;
    } finally {
      clearTimeout(slow);
      at('end').ariaBusy = 'false';
      busy = false;
    }
  });

  /** Somebody may have written; what a person is writing stays. */
  const look = async () => {
    if (busy || document.visibilityState !== 'visible' || document.activeElement?.id === 'text') return;
    try {
      const page = await request({ method: 'GET' });
      const there = page.getElementById('log');
      if (busy || document.activeElement?.id === 'text' || !there || `${idsOf(there)}` === `${idsOf(at('log'))}`) return;
      const inside = at('end').contains(document.activeElement);
      const draft = at('text').value;
      show(page);
      at('text').value = draft;
      if (inside) at('end').focus({ preventScroll: true });
      at('new')?.scrollIntoView({ block: 'nearest' });
    } catch {
      // The next look is in half a minute.
    }
  };
  setInterval(look, 30_000);
  document.addEventListener('visibilitychange', look);
  // A page that the browser had put aside may be somebody else's by now.
  addEventListener('pageshow', (event) => event.persisted && location.reload());

  if (document.querySelector('.them')) at('new')?.scrollIntoView({ block: 'start' });
})();
