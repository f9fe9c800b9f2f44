// Makes the page quicker where scripts run: sends forms without loading the page anew, adds only what
// is new so that a reader hears only that, and looks for a caseworker's words now and then. Everything
// works without it.
(() => {
  const log = () => document.getElementById('log');
  const end = () => document.getElementById('end');
  const status = document.getElementById('status');
  if (!log() || !end() || !status) return;
  let busy = false;

  const show = (text) => {
    const page = new DOMParser().parseFromString(text, 'text/html');
    const [newLog, newEnd] = [page.getElementById('log'), page.getElementById('end')];
    if (!newLog || !newEnd) {
      location.assign('/chat');
      return;
    }
    const ids = new Set([...newLog.children].map((one) => one.dataset.id));
    for (const one of [...log().children]) if (!ids.has(one.dataset.id)) one.remove();
    const have = new Set([...log().children].map((one) => one.dataset.id));
    for (const one of [...newLog.children]) if (!have.has(one.dataset.id)) log().append(document.adoptNode(one));
    const draft = document.getElementById('text')?.value ?? '';
    end().replaceWith(document.adoptNode(newEnd));
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    const field = document.getElementById('text');
    if (field && !sent) field.value = draft;
  };
  let sent = false;

  const request = async (options) => {
    const response = await fetch('/chat', { credentials: 'same-origin', ...options });
    if (!response.ok) throw new Error('not sent');
    return response.text();
  };

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.getAttribute('action') !== '/chat') return;
    event.preventDefault();
    if (busy) return;
    const data = new URLSearchParams(new FormData(form, event.submitter));
    if (!data.get('choice') && !data.get('text')?.trim()) return;
    busy = true;
    sent = data.has('text');
    status.textContent = status.dataset.busy;
    try {
      show(await request({ method: 'POST', body: data }));
      status.textContent = '';
      end().focus({ preventScroll: true });
      const latest = [...log().children].findLast((one) => one.className === 'them')?.nextElementSibling ?? log().lastElementChild;
      latest?.scrollIntoView({ block: 'start' });
    } catch {
      status.textContent = status.dataset.failed;
    } finally {
      busy = false;
      sent = false;
    }
  });

  setInterval(async () => {
    if (busy || document.visibilityState !== 'visible' || document.activeElement?.id === 'text') return;
    try {
      const text = await request({ method: 'GET' });
      const page = new DOMParser().parseFromString(text, 'text/html');
      const newest = page.getElementById('log')?.lastElementChild?.dataset.id;
      if (!busy && newest && newest !== log().lastElementChild?.dataset.id) show(text);
    } catch {
      // The next look is in half a minute.
    }
  }, 30_000);

  log().lastElementChild?.scrollIntoView({ block: 'start' });
})();
