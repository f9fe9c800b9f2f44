// Links for organisations that pass the chat on, at the desk: made, counted, taken back, and nothing that
// would tell a partner about a person.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countOpening } from '../../src/store/partners.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

describe('a supervisor', () => {
  let on: TestDesk;
  let cookie: string;
  beforeEach(async () => {
    on = await startDesk();
    ({ cookie } = await on.signedIn('Sam', ['supervisor']));
  });
  afterEach(() => on.stop());
  const page = async () => (await on.get('/desk/partners', cookie)).text();
  const codeOnPage = async () => /\/go\/([a-z0-9]{14})"/.exec(await page())?.[1] ?? '';

  it('makes a link for an organisation, with posters and a button in every language, and the log says so', async () => {
    expect((await on.post('/desk/partners', cookie, { name: 'Example partner', days: '' })).status).toBe(303);
    const code = await codeOnPage();
    const shown = await page();
    expect(code).toHaveLength(14);
    expect(shown).toContain(`${on.base}/go/${code}/poster`);
    expect(shown).toContain(
      `&lt;a href=&quot;${on.base}/go/${code}?in=fr&quot; target=&quot;_blank&quot; rel=&quot;noopener noreferrer&quot;`,
    );
    const rows = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'link.made').execute();
    expect(rows.map((row) => row.subject)).toEqual([code.slice(0, 8)]);
    expect(JSON.stringify(rows)).not.toContain('Example');
  });

  it('takes it back, and it leads nowhere any more', async () => {
    await on.post('/desk/partners', cookie, { name: 'Example partner', days: '30' });
    const code = await codeOnPage();
    expect((await on.post(`/desk/partners/${code.slice(0, 8)}/revoke`, cookie)).status).toBe(303);
    const shown = await page();
    expect(shown).toContain('taken back');
    expect(shown).not.toContain(`/go/${code}`);
    expect((await on.post('/desk/partners/zzzzzzzz/revoke', cookie)).status).toBe(303);
  });

  it('sees how often a page was opened, and no number small enough to point at somebody', async () => {
    await on.post('/desk/partners', cookie, { name: 'Example partner', days: '' });
    const bare = (await codeOnPage()).slice(0, 8);
    const opens = async (language: string, times: number) => {
      for (let i = 0; i < times; i += 1) await countOpening(on.desk.keep, bare, language);
    };
    await opens('en', 4);
    expect(await page()).toContain('Opened fewer than 5 times');
    await opens('en', 6);
    await opens('fr', 6);
    expect(await page()).toContain('Opened 16 times (English 10, French 6)');
    // One rare language could be worked out from the sum, so the next one is not told either.
    await opens('ar', 2);
    expect(await page()).toContain('Opened 18 times (English 10)');
  });

  it('gives a name of people and a time that make sense, or is told', async () => {
    for (const form of [{ name: '' }, { name: 'x'.repeat(81) }, { name: 'Kitchen', days: '0' }, { name: 'Kitchen', days: 'many' }])
      expect((await on.post('/desk/partners', cookie, form)).status).toBe(422);
    await on.post('/desk/partners', cookie, { name: '<script>alert(1)</script>', days: '' });
    expect(await page()).not.toContain('<script>alert');
  });
});
