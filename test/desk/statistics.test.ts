// The page of statistics and its file: what they count, what they hide, and who sees which month.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { opened, startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
let chief = '';
let auditor = '';
const steps: Record<string, number> = { 'return/needs': 23, 'return/agree': 21, 'talk/agree': 4 };
beforeEach(async () => {
  on = await startDesk({ steps: async (month) => (month === '2026-11' ? steps : {}) });
  ({ cookie: chief } = await on.signedIn('Chief', ['supervisor']));
  ({ cookie: auditor } = await on.signedIn('Auditor', ['auditor']));
  let number = 0;
  const many = async (times: number, change: Record<string, unknown>) => {
    for (let at = 0; at < times; at += 1) {
      number += 1;
      const name = String(number).padStart(4, '0');
      await on.hook(opened(`c_${name}`, { ref: `S${name.slice(2)}-222`, ...change }));
    }
  };
  await many(9, { language: 'fr' });
  await many(6, { language: 'en', kind: 'talk' });
  await many(7, { language: 'en', kind: 'protection', channel: 'whatsapp' });
});
afterEach(() => on.stop());

const page = async (cookie: string, query = '') => (await on.get(`/desk/statistics${query}`, cookie)).text();
/** Signed in anew, for the month has turned. */
async function nextMonth(name: string, role: 'supervisor' | 'auditor') {
  on.clock.now = Date.parse('2026-12-02T12:00:00Z');
  return (await on.signedIn(name, [role])).cookie;
}
const cellsOf = (markup: string, table: string) =>
  [...(new RegExp(`plot-${table}-t.*?</table>`, 's').exec(markup)?.[0] ?? '').matchAll(/<th scope="row">(.*?)<\/th><td>(.*?)<\/td>/g)].map(
    (match) => `${match[1]} ${match[2]}`,
  );

describe('the page', () => {
  it('counts requests, and protection requests nowhere', async () => {
    const seen = await page(chief);
    expect(seen).toContain('15 requests came.');
    expect(cellsOf(seen, 'languages')).toEqual(['English 6', 'French 9']);
    expect(cellsOf(seen, 'channels')).toEqual(['Telegram not shown', 'WhatsApp not shown', 'Web chat not shown', 'Terminal not shown']);
    expect(cellsOf(seen, 'arrivals')).toHaveLength(22);
  });

  it('draws every plot with a title and a description, and rounds steps down', async () => {
    const seen = await page(chief);
    const plots = [
      ...seen.matchAll(
        /<svg class="plot" role="img" aria-labelledby="([\w-]+) ([\w-]+)"[^>]*><title id="\1">[^<]+<\/title><desc id="\2">[^<]+<\/desc>/g,
      ),
    ];
    expect(plots).toHaveLength(6);
    expect(seen).not.toContain('style=');
    expect(cellsOf(seen, 'steps')).toEqual(['return/agree (en) 20', 'return/needs (en) 20']);
  });

  it('says who waits now, by target, to those who see the queue', async () => {
    on.clock.now += 9 * 3_600_000;
    const seen = await page((await on.signedIn('Later', ['supervisor'])).cookie);
    expect(cellsOf(seen, 'waiting')).toEqual([
      'Urgent, within the target not shown',
      'Urgent, over the target 9',
      'High, within the target not shown',
      'High, over the target not shown',
      'Normal, within the target not shown',
      'Normal, over the target not shown',
    ]);
  });

  it('shows the running month to nobody but supervisors', async () => {
    expect(await page(auditor, '?month=2026-11')).not.toContain('15 requests');
    expect(await page(auditor, '?month=2026-11')).not.toContain('value="2026-11"');
    const later = await nextMonth('Second', 'auditor');
    expect(await page(later, '?month=2026-11')).toContain('15 requests came.');
    expect(await page(later, '?month=2026-11')).not.toContain('plot-waiting');
  });
});

describe('the file', () => {
  it('is of a finished month alone', async () => {
    for (const cookie of [chief, auditor])
      for (const query of ['', '?month=2026-11', '?month=2031-01', '?month=%3Cb%3E'])
        expect((await on.get(`/desk/statistics/file${query}`, cookie)).status).toBe(422);
  });

  it('says what the page says', async () => {
    const cookie = await nextMonth('Second', 'supervisor');
    const answer = await on.get('/desk/statistics/file?month=2026-11', cookie);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="statistics-2026-11.csv"');
    const lines = (await answer.text()).split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '"total","2026-11","15"',
        '"languages","fr","9"',
        '"channels","telegram","not shown"',
        '"steps","return/needs","20"',
      ]),
    );
    expect(lines.join()).not.toMatch(/waiting|protection|whatsapp","7/);
  });
});
