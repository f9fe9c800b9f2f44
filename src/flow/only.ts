// The entries of a record whose names may stay; the record itself where all may: nothing here is changed in place.

export function only<T>(record: Record<string, T>, stays: (name: string) => boolean): Record<string, T> {
  if (Object.keys(record).every(stays)) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => stays(name)));
}
