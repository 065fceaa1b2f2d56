import type { Segment, StoredObject } from "./stored-object.ts";

/** Keeps the bytes of an object that is replaced or removed while it is being read. */
export type Pins = {
  /** Pins an object for reading and returns the function that releases it. */
  readonly pin: (object: StoredObject) => () => void;
  /** Discards the bytes of a removed object, at once or when its last reader has finished. */
  readonly retire: (object: StoredObject) => Promise<void>;
};

export function createPins(discard: (segments: readonly Segment[]) => Promise<void>): Pins {
  const readers = new Map<StoredObject, number>();
  const retired = new Set<StoredObject>();

  const release = (object: StoredObject): void => {
    const remaining = (readers.get(object) ?? 1) - 1;
    if (remaining > 0) {
      readers.set(object, remaining);
      return;
    }
    readers.delete(object);
    // A file that cannot be deleted now is deleted at the next start.
    if (retired.delete(object)) discard(object.segments).catch(() => undefined);
  };

  return {
    pin: (object) => {
      readers.set(object, (readers.get(object) ?? 0) + 1);
      return () => release(object);
    },
    retire: async (object) => {
      if (readers.has(object)) retired.add(object);
      else await discard(object.segments);
    },
  };
}
