import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { productionFindings } from '../../src/start/production.ts';
import { type Content, loadContent } from '../../src/text/content.ts';
import { review } from '../../src/tool/review.ts';
import { type Copy, shippedCopy } from '../support/content.ts';
import { makeTalk, makeWorld } from '../support/talk.ts';
import { toGate, toReturnConsent, toTopics, walkTo } from '../support/ways.ts';

const copies: Copy[] = [];
afterEach(() => {
  for (const copy of copies.splice(0)) copy.remove();
});
const copied = () => {
  const copy = shippedCopy();
  copies.push(copy);
  return copy;
};
const signs = (copy: Copy, lang: string, more: { role?: string; file?: string } = { role: 'protection' }) =>
  review({ flows: copy.flows, locales: copy.locales, lang, ...more }, '2026-11-24');

async function contentOf(copy: Copy, mode: 'demo' | 'production' = 'production'): Promise<Content> {
  const content = await loadContent(copy.flows, copy.locales, mode);
  if ('findings' in content) throw new Error(content.findings.join('\n'));
  return content;
}

/** English was read; French is a draft. */
async function talkIn(mode: 'demo' | 'production', copy = copied()) {
  await signs(copy, 'en');
  const built = await makeWorld({ content: await contentOf(copy, mode) });
  built.world.mode = mode;
  return makeTalk({}, built);
}

describe('a reader signs a language off', () => {
  it('and every text counts as read until it changes', async () => {
    const copy = copied();
    expect((await contentOf(copy)).drafts).toEqual(expect.arrayContaining(['en', 'fr']));
    const told = await signs(copy, 'fr');
    expect('lines' in told && told.lines).toContain('fr gate: 58 reviewed, 0 stale, 0 draft'.replace('58', String(countOf(told, 'gate'))));
    expect((await contentOf(copy)).drafts).not.toContain('fr');
    copy.change('locales/fr/gate.json', 'Chaque adulte décide', 'Un adulte décide');
    expect((await contentOf(copy)).drafts).toEqual(expect.arrayContaining(['en', 'fr']));
  });

  it('and a changed English sentence makes the translation stale', async () => {
    const copy = copied();
    await signs(copy, 'en');
    await signs(copy, 'fr');
    copy.change('locales/en/protect.json', 'Your safety comes first.', 'Your safety is what counts.');
    const content = await contentOf(copy);
    expect(content.drafts).toEqual(expect.arrayContaining(['en', 'fr']));
    const told = await signs(copy, 'fr', {});
    expect('lines' in told && told.lines.find((line) => line.startsWith('fr protect'))).toMatch(/1 stale, 0 draft {3}keeps the language/);
  });

  it('but a changed page that decides about nobody’s safety keeps the language open', async () => {
    const copy = copied();
    await signs(copy, 'en');
    copy.change('locales/en/learn.json', 'Each airline has its own rules for bags.', 'Every airline has its own rules for bags.');
    expect((await contentOf(copy)).drafts).not.toContain('en');
  });

  it('one file at a time, too', async () => {
    const copy = copied();
    await signs(copy, 'fr', { role: 'lawyer', file: 'return' });
    const told = await signs(copy, 'fr', {});
    const lines = 'lines' in told ? told.lines : [];
    expect(lines.find((line) => line.startsWith('fr return'))).toMatch(/ 0 stale, 0 draft$/);
    expect(lines.find((line) => line.startsWith('fr talk'))).toMatch(/^fr talk: 0 reviewed/);
  });

  it('and no name of a person gets into the file', async () => {
    const copy = copied();
    expect(await signs(copy, 'fr', { role: 'Jane Doe' })).toMatchObject({ findings: [expect.stringMatching(/never a name/)] });
    expect(await signs(copy, 'xx')).toMatchObject({ findings: [expect.stringMatching(/no language xx/)] });
    expect(await signs(copy, 'fr', { role: 'lawyer', file: 'nothing' })).toMatchObject({
      findings: [expect.stringMatching(/no file nothing/)],
    });
  });
});

const countOf = (told: Awaited<ReturnType<typeof review>>, file: string) =>
  Number(('lines' in told ? told.lines : []).find((line) => line.includes(` ${file}: `))?.match(/(\d+) reviewed/)?.[1]);

describe('production', () => {
  it('does not start while no language is reviewed, and needs only one', async () => {
    const copy = copied();
    const config = readConfig({ MODE: 'production' });
    if ('findings' in config) throw new Error('settings');
    const drafts = async () => productionFindings(config, await contentOf(copy), '2026-11-24').filter((one) => one.startsWith('locales'));
    expect(await drafts()).toEqual([expect.stringMatching(/no language is reviewed/)]);
    await signs(copy, 'fr');
    expect(await drafts()).toEqual([]);
  });

  it.each(['return', 'afraid'])('asks a person whose language is a draft nothing after "%s", and shows who can help', async (topic) => {
    const talk = await talkIn('production');
    await walkTo(talk, ['fr', 'by', topic]);
    expect(talk.answer()).toContain('ne sont pas encore vérifiés');
    expect(talk.answer()).toContain('Aide en dehors de cette discussion');
    expect(talk.buttons()).toContain('learn');
  });

  it('offers them contacts at PERSON, and no talk in that language', async () => {
    const talk = await talkIn('production');
    await walkTo(talk, ['fr', 'by']);
    await talk.says('CONSEILLER');
    expect(talk.answer()).toContain('Aide en dehors de cette discussion');
    expect(talk.answer()).toContain('ne sont pas encore vérifiés');
    expect(talk.buttons()).toContain('learn');
  });

  it('lets them read every page', async () => {
    const talk = await talkIn('production');
    await walkTo(talk, ['fr', 'by', 'learn', 'avr']);
    expect(talk.answer()).toContain('retour volontaire');
  });

  it('takes requests as soon as they choose a language that was read', async () => {
    const talk = await talkIn('production');
    await walkTo(talk, ['fr', 'by', 'return']);
    await talk.says('LANGUE');
    await talk.taps('en', 'return');
    expect(talk.answer()).toContain('Is it safe to write on this phone now?');
  });

  it.each([
    ['in the gate', [...toGate, 'me']],
    ['at the consent to return', toReturnConsent],
    ['at the consent to a talk', [...toGate, 'other-adult']],
    ['at the protection offer', [...toTopics, 'afraid', 'yes']],
    ['at the consent to protection', [...toTopics, 'afraid', 'yes', 'person']],
    ['at the offer for a child', [...toGate, 'child', 'alone', 'person']],
  ])('leads a person who changes to a draft language %s away from it, and records nothing', async (_, way) => {
    const talk = await talkIn('production');
    await walkTo(talk, way);
    await talk.says('LANGUAGE');
    await talk.taps('fr');
    expect(talk.answer()).toContain('ne sont pas encore vérifiés');
    expect(talk.buttons()).toContain('learn');
    await talk.says('Oui');
    expect(await talk.rows()).toMatchObject({ consents: 0, addresses: 0, outbox: 0 });
  });

  it('says no word of drafts in a language that was read', async () => {
    const talk = await talkIn('production');
    await walkTo(talk, toReturnConsent);
    expect(talk.seen.map((message) => message.text).join('\n')).not.toMatch(/checked the texts|not checked yet|Test only/);
    expect(talk.buttons()).toEqual(expect.arrayContaining(['yes', 'no']));
  });
});

describe('a demo', () => {
  it('says of a draft that it is one, and lets everything be tried', async () => {
    const talk = await talkIn('demo');
    await walkTo(talk, ['fr']);
    expect(talk.answer()).toContain('Ces textes ne sont pas encore vérifiés.');
    await talk.taps('by', 'return');
    expect(talk.buttons()).toContain('not-sure');
  });

  it('says it of no language that was read', async () => {
    const talk = await talkIn('demo');
    await walkTo(talk, ['en']);
    expect(talk.answer()).not.toContain('not checked');
    expect(talk.answer()).toContain('Test only');
  });
});
