// What somebody sees who follows an NGO's link, and what becomes of a link that is nobody's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openingsOf, revokePartner } from '../../src/store/partners.ts';
import { transact } from '../../src/store/transact.ts';
import { now, startLinks } from '../support/links.ts';
import { shippedContent } from '../support/talk.ts';

type On = Awaited<ReturnType<typeof startLinks>>;

describe('a person with a link', () => {
  let on: On;
  beforeEach(async () => {
    on = await startLinks();
  });
  afterEach(() => on.stop());

  it('reads who runs this, that it is their choice, and whose link it is', async () => {
    const code = await on.partner('Example partner');
    const page = await on.page(`/go/${code}`);
    expect(page).toContain('Demo operator (example) runs this chat.');
    expect(page).toContain('We are not IOM.');
    expect(page).toContain('All our help is free.');
    expect(page).toContain('You decide.');
    expect(page).toContain('You have this link from Example partner. They do not see what you write');
  });

  it('finds every way to write that is open, all alike', async () => {
    const code = await on.partner('Example partner');
    const page = await on.page(`/go/${code}`);
    const ways = [...page.matchAll(/<li><a href="([^"]+)" rel="noreferrer">/g)].map((match) => match[1]?.replaceAll('&amp;', '&'));
    expect(ways).toEqual([
      `https://t.me/return_questions_bot?start=${code}`,
      `${on.base}/chat?ref=${code}`,
      `https://wa.me/302105550100?text=${encodeURIComponent(`Hello #${code}`)}`,
    ]);
  });

  it('sees only the ways that are open', async () => {
    const web = await startLinks({ channels: ['web'] });
    const page = await web.page('/go');
    expect(page).not.toContain('t.me');
    expect(page).not.toContain('wa.me');
    expect(page).toContain('/chat"');
    await web.stop();
    const closed = await startLinks({ channels: [] });
    expect(await closed.page('/go')).toContain('The chat is closed at the moment.');
    await closed.stop();
  });

  it('reads it in the language of the browser, and may choose another', async () => {
    expect(await on.page('/go', { 'accept-language': 'fr-CA,fr;q=0.9' })).toContain('<html lang="fr" dir="ltr">');
    expect(await on.page('/go', { 'accept-language': 'tlh' })).toContain('<html lang="en"');
    expect(await on.page('/go?in=fr', { 'accept-language': 'en' })).toContain('C’est vous qui décidez');
    expect(await on.page('/go?in=%3Cscript%3E')).not.toContain('<script');
  });

  it('needs no script, asks nobody else for anything, and loads little', async () => {
    const code = await on.partner('Example partner');
    const page = await on.page(`/go/${code}`);
    expect(page).not.toContain('<script');
    const own = [...page.matchAll(/(?:src|rel="stylesheet" href|rel="icon" href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(own.every((path) => path.startsWith('/assets/'))).toBe(true);
    const sizes = await Promise.all(own.map(async (path) => (await (await on.get(path)).arrayBuffer()).byteLength));
    expect(sizes.reduce((sum, size) => sum + size, Buffer.byteLength(page))).toBeLessThan(30_000);
  });

  it.each([
    ['made up', async () => 'abcdefgh'],
    ['very long', async () => '2'.repeat(8_000)],
    ['in another alphabet', async () => encodeURIComponent('رابط')],
    ['a piece of SQL', async () => encodeURIComponent("' or 1=1 --")],
    ['a way out of the folder', async () => encodeURIComponent('../../etc/passwd')],
    ['over', async (here: On) => here.partner('Old House', now - 1)],
    [
      'taken back',
      async (here: On) => {
        const code = await here.partner('Left House');
        await transact(here.keep, (tx) => revokePartner(tx, code.slice(0, 8), now));
        return code;
      },
    ],
  ])('with a code that is %s gets the neutral start', async (_, make) => {
    const code = await make(on);
    const page = await on.page(`/go/${code}`);
    expect(page).toContain('You decide.');
    expect(page).toContain(`${on.base}/chat"`);
    expect(page).not.toContain('You have this link from');
    expect(on.lines.join('')).toMatch(/neutral start/);
    expect(on.lines.join('')).not.toContain(code.slice(0, 8));
    expect((await openingsOf(on.keep)).size).toBe(0);
  });

  it('meets no markup of a partner’s name', async () => {
    const code = await on.partner('<b onclick=x>Kitchen</b>"');
    const page = await on.page(`/go/${code}`);
    expect(page).toContain('&lt;b onclick=x&gt;Kitchen&lt;/b&gt;&quot;');
  });

  it('is counted once, by language, and not again for looking at another language', async () => {
    const code = await on.partner('Example partner');
    await on.page(`/go/${code}`, { 'accept-language': 'fr' });
    await on.page(`/go/${code}?in=en`);
    await fetch(`${on.base}/go/${code}`, { method: 'HEAD' });
    await on.page(`/go/${code}`);
    expect((await openingsOf(on.keep)).get(code.slice(0, 8))).toEqual([
      { code: code.slice(0, 8), language: 'en', times: 1 },
      { code: code.slice(0, 8), language: 'fr', times: 1 },
    ]);
  });
});

describe('somebody who looks for a place to go', () => {
  const point = {
    name: 'House of the Port',
    where: 'Quay 3',
    hours: 'Mo-Fr 9-17',
    languages: ['ar', 'fr'],
    how: { en: 'Bus 5 to the port, then the blue door.', fr: 'Bus 5 jusqu’au port, puis la porte bleue.' },
    seenIn: 'E1',
  };
  async function withPoint(mode: 'demo' | 'production', checkedOn?: string) {
    const content = await shippedContent();
    const gr = content.programmes.get('gr');
    if (gr === undefined) throw new Error('no pack');
    const programmes = new Map(content.programmes).set('gr', { ...gr, points: [{ ...point, ...(checkedOn && { checkedOn }) }] });
    return startLinks({ mode, content: { ...content, programmes } });
  }

  it('reads where, when, in which languages, how to get there, and when that was checked', async () => {
    const on = await withPoint('production', '2026-11-01');
    const page = await on.page('/points/gr?in=fr');
    for (const words of [
      'House of the Port',
      'Quay 3',
      'du lundi au vendredi, de 9\u00a0h\u00a000 à 17\u00a0h\u00a000',
      'arabe et français',
      'porte bleue',
      'Vérifié le 2026-11-01',
    ])
      expect(page).toContain(words);
    await on.stop();
  });

  it('reads in a demo that nobody has checked it, and in production does not see it', async () => {
    const demo = await withPoint('demo');
    expect(await demo.page('/points/gr')).toContain('Nobody has checked this place.');
    await demo.stop();
    const production = await withPoint('production');
    expect(await production.page('/points/gr')).toContain('We know no checked place here.');
    expect(await production.page('/points/gr')).not.toContain('Quay 3');
    await production.stop();
  });

  it('chooses the country first, and an unknown one leads to that choice', async () => {
    const on = await startLinks();
    expect(await on.page('/points')).toContain('href="/points/gr?in=en"');
    expect(await on.page('/points/xx')).toContain('href="/points/gr?in=en"');
    expect(await on.page('/points/..%2f..%2fetc')).toContain('href="/points/gr?in=en"');
    await on.stop();
  });
});
