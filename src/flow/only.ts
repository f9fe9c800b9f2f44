// The entries of a record whose names may stay.

export const only = <T>(record: Record<string, T>, stays: (name: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => stays(name)));
