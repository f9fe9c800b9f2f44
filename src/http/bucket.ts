// A token bucket per key, in memory: who tries without end is slowed down, a crowd or a mistake is not punished.

/** `capacity` tries at once, then one more each `everyMs`. Gives true while there are some left. */
export function makeBucket(capacity: number, everyMs: number, most = 10_000): (key: string, now: number) => boolean {
  const buckets = new Map<string, { left: number; at: number }>();
  return (key, now) => {
    const known = buckets.get(key) ?? { left: capacity, at: now };
    const left = Math.min(capacity, known.left + Math.max(0, now - known.at) / everyMs);
    // The one just used goes to the end, so the first is the one longest unused.
    buckets.delete(key);
    buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    const oldest = buckets.keys().next();
    if (buckets.size > most && !oldest.done) buckets.delete(oldest.value);
    return left >= 1;
  };
}
