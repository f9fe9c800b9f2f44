// What a store of forgettable things must offer, embedded or on Redis.
import type { KeyvStoreAdapter } from 'keyv';
import type { Lease } from './lock.ts';

export type Forgetful = {
  /** A fresh adapter: Keyv wants one for each namespace, or two would read each other's values. */
  space(): KeyvStoreAdapter;
  /** Whether Keyv shall put the namespace before keys; Redis's adapter does it itself. */
  useKeyPrefix: boolean;
  /** Removes what has expired, where the engine does not do that by itself; how many values that were. */
  purge(): number;
  /** A person's turn across processes; absent where one process has the store to itself. */
  lease?: Lease;
  /** What about this store could forget or lose too much; empty when it is sound. */
  findings(): Promise<string[]>;
  close(): Promise<void>;
};
