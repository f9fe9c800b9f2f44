import { afterAll, describe, it } from 'vitest';
import { crowd, oneEach } from '../support/crowd.ts';
import { dataFolder, type Product, startProduct } from '../support/product.ts';

const people = 40;
const kills = 8;

let product: Product | null = null;
const folder = dataFolder();
afterAll(async () => {
  await product?.end('SIGKILL');
  folder.remove();
});

describe('a server that is killed again and again', () => {
  it('loses no acknowledged answer, and each person gets exactly one case', async () => {
    product = await startProduct(folder.path);
    let open = people;
    const killer = async () => {
      for (let i = 0; i < kills && open > 0; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 150 + ((i * 97) % 200)));
        const dying = product;
        product = null;
        await dying?.end('SIGKILL');
        product = await startProduct(folder.path);
      }
    };
    const finished = () => {
      open -= 1;
    };
    const [refs] = await Promise.all([crowd(people, () => product?.url ?? null, finished), killer()]);
    await oneEach(refs, product?.url ?? '');
  });
});
