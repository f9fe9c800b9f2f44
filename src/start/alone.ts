// What keeps two processes from doing the work of one: a lock on the data folder where stores are files,
// locks in PostgreSQL where they are shared.
import type { Config } from '../config.ts';
import { type Duty, takeDuties, type Wanted } from '../store/duties.ts';
import { takeFolder } from '../store/one-process.ts';
import { refuse } from './refuse.ts';

const taken: Record<Duty, string> = {
  conversations: 'DATABASE_URL: another bot process works on this database; several of them need one REDIS_URL, the same for each',
  telegram:
    'TELEGRAM_MODE: another process on this database already fetches the updates by polling, and only one may; webhook lets all share them',
  whatsapp: 'WHATSAPP: another process on this database already has the account, and only one may',
};

/** Refuses to go on beside a process with the same work. `onLost`: another one took it over while the database was away. */
export async function standAlone(config: Config, onLost: (duty: Duty) => void): Promise<{ release(): Promise<void> }> {
  const chats = config.ROLE !== 'desk';
  const file = config.DATABASE_URL === undefined || (chats && (config.REDIS_URL === undefined || config.WHATSAPP === 'on'));
  const folder = file ? takeFolder(config.DATA_DIR) : undefined;
  if (folder === null)
    refuse([
      `DATA_DIR: another process already works on ${config.DATA_DIR}; several need REDIS_URL and DATABASE_URL, and WHATSAPP=on a folder of its own`,
    ]);
  const wanted: Wanted[] = [{ duty: 'conversations', shared: config.REDIS_URL !== undefined }];
  if (config.TELEGRAM_BOT_TOKEN !== undefined && config.TELEGRAM_MODE === 'polling') wanted.push({ duty: 'telegram', shared: false });
  if (config.WHATSAPP === 'on') wanted.push({ duty: 'whatsapp', shared: false });
  const duties = chats && config.DATABASE_URL !== undefined ? await takeDuties(config.DATABASE_URL, wanted, onLost) : undefined;
  if (duties !== undefined && 'taken' in duties) refuse([taken[duties.taken]]);
  return {
    async release() {
      await duties?.release();
      folder?.release();
    },
  };
}
