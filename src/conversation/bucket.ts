// A person may write fast, but not without end: a token bucket inside the session value. Over it they
// are told so once a minute and nothing else is done; urgent words are read all the same.

const most = 40;
const perSecond = 0.5;
const tellEvery = 60_000;

/** Tokens left, when they were counted, when the person was last told to wait (ms). */
export type Bucket = [number, number, number];

export const fullBucket = (now: number): Bucket => [most, now, 0];

/** The bucket after one message; whether there was room for it, and if not, whether to say so. */
export function take([tokens, at, told]: Bucket, now: number): { bucket: Bucket; room: boolean; tell: boolean } {
  // A clock that jumps back gives nothing and takes nothing.
  const filled = Math.min(most, tokens + (Math.max(0, now - at) / 1000) * perSecond);
  if (filled >= 1) return { bucket: [filled - 1, now, told], room: true, tell: false };
  const tell = now - told >= tellEvery;
  return { bucket: [filled, now, tell ? now : told], room: false, tell };
}
