// The only way to what must be forgotten. Every call ends in half a second; an outage is an error and
// never "nothing there", because nothing there would make a known person a new one.
import Keyv from 'keyv';
import { codeOf } from '../log.ts';
import type { Forgetful } from './forgetful.ts';

const patience = 500;

/** Thrown when a store cannot be read or written now. Nothing is known then, and nothing may be assumed. */
export class StoreDown extends Error {
  override name = 'StoreDown';
}

/** Whether the same again may go well later. */
export const isOutage = (error: unknown): boolean => error instanceof StoreDown || codeOf(error).includes('SQLITE');

export type Forget = {
  /** The text, or undefined when there is none. Rejects when that cannot be known. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
};

export function makeForget(
  { space, useKeyPrefix }: Pick<Forgetful, 'space' | 'useKeyPrefix'>,
  namespace: string,
  onError: () => void,
): Forget {
  const keyv = new Keyv<string>({ store: space(), namespace, useKeyPrefix, throwOnErrors: true });
  keyv.on('error', onError);
  return {
    get: (key) => bounded(keyv.get(key)),
    async set(key, value, ttlMs) {
      if (!(await bounded(keyv.set(key, value, ttlMs)))) throw new StoreDown('a session could not be saved');
    },
    async delete(key) {
      await bounded(keyv.delete(key));
    },
  };
}

/** In time, and every failure by the same name. */
export async function bounded<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreDown('no answer in time')), patience);
  });
  try {
    return await Promise.race([call, late]);
  } catch (error) {
    throw error instanceof StoreDown ? error : new StoreDown('the session store failed', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
