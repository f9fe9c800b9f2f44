// One person strictly in order, people in parallel: a chain of promises per person. It holds within
// one process, which is all that this store allows.

export type Lock = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function makeLock(): Lock {
  const tails = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine
      .catch(() => undefined)
      .finally(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
    tails.set(key, tail);
    return mine;
  };
}
