/** A type whose nullable members become optional. */
export type Compact<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
};

/** Leaves out null and undefined fields: an optional field of a response is absent, never null. */
export function compact<T extends object>(fields: T): Compact<T> {
  const kept = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as Compact<T>;
}
