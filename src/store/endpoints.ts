// Outside case systems as an administrator registered them. Address and secrets are sealed; of the
// bearer token only its hash is here, so nobody who reads the store can be one of them.
import { createHash, randomBytes } from 'node:crypto';
import type { Keep, Tx } from './keep.ts';
import type { Seal } from './seal.ts';
import type { Tables } from './tables.ts';

type Row = Tables['endpoints'];
/** `until`: when a replaced secret stops counting; null for the present one. */
type Secret = { value: string; until: number | null };
type Hidden = { url: string | null; secrets: Secret[] };

export type Endpoint = {
  id: string;
  name: string;
  /** `own`: of the organisation that runs this desk. Else the one a person's share-consent names. */
  organisation: string;
  /** Null: it fetches its events. */
  url: string | null;
  secrets: Secret[];
  types: string[];
  accepts: string[];
  payload: 'thin' | 'full';
  protection: boolean;
  language: string;
  state: Row['state'];
  createdAt: number;
  failures: number;
  failingSince: number | null;
  asleep: boolean;
  probeAt: number;
  holdUntil: number;
  slowUntil: number;
  alerted: number;
};
/** What an administrator decides. */
export type Wished = Pick<Endpoint, 'name' | 'organisation' | 'url' | 'types' | 'accepts' | 'payload' | 'protection' | 'language'>;

/** How long the old secret goes on counting beside the new one: between the 24 and 48 hours receivers are promised. */
const overlapMs = 47 * 3_600_000;

const place = (row: string) => ({ table: 'endpoints', row, field: 'sealed' });
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

const endpointOf = (seal: Seal, row: Row): Endpoint => {
  const { url, secrets }: Hidden = JSON.parse(seal.open(row.sealed, place(row.id)));
  return {
    id: row.id,
    name: row.name,
    organisation: row.organisation,
    url,
    secrets,
    types: JSON.parse(row.types),
    accepts: JSON.parse(row.accepts),
    payload: row.payload,
    protection: row.protection === 1,
    language: row.language,
    state: row.state,
    createdAt: row.created_at,
    failures: row.failures,
    failingSince: row.failing_since,
    asleep: row.asleep === 1,
    probeAt: row.probe_at,
    holdUntil: row.hold_until,
    slowUntil: row.slow_until,
    alerted: row.alerted,
  };
};

/** Registers one. Secret and token are told here and never again. */
export async function addEndpoint(tx: Tx, seal: Seal, wished: Wished, now: number) {
  const id = `e_${randomBytes(8).toString('hex')}`;
  const secret = newSecret();
  const token = `avr_${randomBytes(32).toString('base64url')}`;
  const hidden: Hidden = { url: wished.url, secrets: [{ value: secret, until: null }] };
  await tx
    .insertInto('endpoints')
    .values({
      id,
      name: wished.name,
      organisation: wished.organisation,
      sealed: seal.seal(JSON.stringify(hidden), place(id)),
      token: hashOf(token),
      types: JSON.stringify(wished.types),
      accepts: JSON.stringify(wished.accepts),
      payload: wished.payload,
      protection: wished.protection ? 1 : 0,
      language: wished.language,
      state: 'on',
      created_at: now,
      ...awake,
      slow_until: 0,
    })
    .execute();
  return { id, secret, token };
}

const awake = { failures: 0, failing_since: null, asleep: 0, probe_at: 0, hold_until: 0, alerted: 0 } as const;

export async function listEndpoints(db: Keep | Tx, seal: Seal): Promise<Endpoint[]> {
  const rows = await db.selectFrom('endpoints').selectAll().orderBy('created_at').orderBy('id').execute();
  return rows.map((row) => endpointOf(seal, row));
}

export async function findEndpoint(db: Keep | Tx, seal: Seal, id: string): Promise<Endpoint | null> {
  const row = await db.selectFrom('endpoints').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : endpointOf(seal, row);
}

export async function endpointByToken(db: Keep | Tx, seal: Seal, token: string): Promise<Endpoint | null> {
  const row = await db.selectFrom('endpoints').selectAll().where('token', '=', hashOf(token)).executeTakeFirst();
  return row === undefined ? null : endpointOf(seal, row);
}

/** Names by id, to be shown beside those of colleagues. */
export async function endpointNames(db: Keep | Tx): Promise<[id: string, name: string][]> {
  return (await db.selectFrom('endpoints').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]);
}

/** Secrets that count now, the newest first. */
export const secretsNow = ({ secrets }: Pick<Endpoint, 'secrets'>, now: number): string[] =>
  secrets.flatMap(({ value, until }) => (until === null || until > now ? [value] : []));

/** A new secret; the one before goes on counting for a while, an older one does not. */
export async function rotateSecret(tx: Tx, seal: Seal, endpoint: Endpoint, now: number): Promise<string> {
  const secret = newSecret();
  const [present] = endpoint.secrets;
  const old = present === undefined ? [] : [{ value: present.value, until: now + overlapMs }];
  const hidden: Hidden = { url: endpoint.url, secrets: [{ value: secret, until: null }, ...old] };
  await tx
    .updateTable('endpoints')
    .set({ sealed: seal.seal(JSON.stringify(hidden), place(endpoint.id)) })
    .where('id', '=', endpoint.id)
    .execute();
  return secret;
}

/** Turned on again it begins with a clean record. */
export async function setState(db: Keep | Tx, id: string, state: Row['state']): Promise<void> {
  await db
    .updateTable('endpoints')
    .set({ state, ...(state === 'on' && awake) })
    .where('id', '=', id)
    .execute();
}

/** What the courier learned of it. */
export async function noteHealth(
  db: Keep | Tx,
  id: string,
  health: Partial<Pick<Row, 'failures' | 'failing_since' | 'asleep' | 'probe_at' | 'hold_until' | 'slow_until' | 'alerted'>>,
): Promise<void> {
  await db.updateTable('endpoints').set(health).where('id', '=', id).execute();
}

export const noteWell = (db: Keep | Tx, id: string): Promise<void> => noteHealth(db, id, awake);

/** It and everything it was to be told. */
export async function removeEndpoint(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('deliveries').where('endpoint', '=', id).execute();
  await tx.deleteFrom('told').where('endpoint', '=', id).execute();
  await tx.deleteFrom('received').where('endpoint', '=', id).execute();
  await tx.deleteFrom('endpoints').where('id', '=', id).execute();
}
