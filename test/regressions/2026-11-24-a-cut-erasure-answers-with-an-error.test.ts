// The store failed while retention erased a request: its key was destroyed, its row still stood in the queue, and
// whoever claimed it met an error page until the next full hour. The first touch finishes the erasure now.
import { expect, it, onTestFinished } from 'vitest';
import { eraseById, keeper } from '../../src/desk/erase.ts';
import { json, opened, startDesk } from '../support/desk.ts';

it('a caseworker who claims it hears that it is over, and it is erased at once', async () => {
  const on = await startDesk();
  onTestFinished(() => on.stop());
  await on.hook(opened('c_8f31'));
  const { seal } = on.desk;
  const cut = {
    ...on.desk,
    seal: {
      ...seal,
      erase: async (...which: Parameters<typeof seal.erase>) => {
        await seal.erase(...which);
        throw new Error('the disk is gone');
      },
    },
  };
  await expect(eraseById(cut, 'c_8f31', keeper('retention'), '')).rejects.toThrow('the disk is gone');
  expect(await json(await on.api('GET', '/cases/c_8f31'))).toMatchObject({ status: 'new' });
  for (const verb of ['claim', 'release', 'note']) {
    const answer = await on.api('POST', `/cases/c_8f31/${verb}`, verb === 'note' ? { text: 'x' } : undefined);
    expect([verb, answer.status]).toEqual([verb, 409]);
  }
  expect(await json(await on.api('GET', '/cases/c_8f31'))).toMatchObject({ status: 'erased' });
});
