// Somebody who came by an NGO's link: they see whose it was before anything is sent, can take it out, and
// the link itself begins nothing.
import { describe, expect, it } from 'vitest';
import { newCode, signed } from '../../src/link/code.ts';
import { addPartner } from '../../src/store/partners.ts';
import { transact } from '../../src/store/transact.ts';
import { makeTalk, makeWorld, type Setting } from '../support/talk.ts';
import { toReceipt, toReturnConsent } from '../support/ways.ts';

const code = newCode('0123456789abcdef01234567');

async function withLink(setting: Setting = {}) {
  const built = await makeWorld(setting);
  await transact(built.world.keep, (tx) => addPartner(tx, code, 'Example partner', 'a_1', null, built.clock.at));
  return { talk: await makeTalk(setting, built), whole: signed(built.world.index, code) };
}
const toRecap = toReceipt.slice(0, -1);

describe('a person who came by a partner’s link', () => {
  it('begins as everybody does, and nothing about them is in SQL', async () => {
    const { talk, whole } = await withLink();
    await talk.arrives({ kind: 'start', link: whole });
    const first = talk.answer();
    const plain = await makeTalk();
    await plain.starts();
    expect(first).toBe(plain.answer());
    expect(Object.values(await talk.rows()).every((n) => n === 0)).toBe(true);
  });

  it('sees in the recap whose link it was, and it goes along', async () => {
    const { talk, whole } = await withLink();
    await talk.arrives({ kind: 'start', link: whole });
    await talk.taps(...toRecap);
    expect(talk.answer()).toContain('Link from: Example partner');
    await talk.taps('send');
    const [event] = await talk.events();
    expect(event.data.link).toBe(code);
  });

  it('can take it out, and then it goes nowhere', async () => {
    const { talk, whole } = await withLink();
    await talk.arrives({ kind: 'start', link: whole });
    await talk.taps(...toRecap, '~change');
    while (!talk.buttons().includes('~item:partner')) await talk.taps('~more');
    expect(talk.labels()).toContain('Do not say who sent me');
    await talk.taps('~item:partner');
    expect(talk.answer()).not.toContain('Example partner');
    await talk.taps('send');
    const [event] = await talk.events();
    expect(event.data).not.toHaveProperty('link');
    expect(JSON.stringify(event)).not.toContain(code);
  });

  it('has it taken for a start also where the code stands in their first words', async () => {
    const { talk, whole } = await withLink({ channel: 'whatsapp', choices: 'numbers' });
    await talk.says(`Hello #${whole}`);
    expect((await talk.session())?.session.partner).toEqual({ code, name: 'Example partner' });
  });

  it('who asks only to talk is handed over without it', async () => {
    const { talk, whole } = await withLink();
    await talk.arrives({ kind: 'start', link: whole });
    await talk.taps(...toReturnConsent.slice(0, -1), 'yes', 'yes', 'yes');
    const events = await talk.events();
    expect(events.map((event) => event.data.kind)).toEqual(['talk']);
    expect(JSON.stringify(events)).not.toContain(code);
  });

  it('with a code that was made up or taken back begins plainly', async () => {
    const { talk, whole } = await withLink();
    await talk.world.keep.updateTable('partners').set({ revoked_at: 1 }).execute();
    await talk.arrives({ kind: 'start', link: whole });
    await talk.arrives({ kind: 'start', link: 'zzzzzzzzzzzzzz' });
    expect((await talk.session())?.session.partner).toBeUndefined();
  });

  it('is not tied to it any more once a conversation has ended', async () => {
    const { talk, whole } = await withLink();
    await talk.arrives({ kind: 'start', link: whole });
    await talk.taps(...toReceipt);
    expect((await talk.session())?.session.partner).toBeUndefined();
  });
});
