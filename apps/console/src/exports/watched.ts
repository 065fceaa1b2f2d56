import { useSyncExternalStore } from "react";

import { onPersonChange } from "../session/person.ts";

let watched: readonly string[] = [];
/** Those of this page, also when they have ended: a list shows them at once. */
const ordered = new Set<string>();
const listeners = new Set<() => void>();

function become(next: readonly string[]): void {
  watched = next;
  for (const listener of listeners) listener();
}

onPersonChange(() => {
  ordered.clear();
  become([]);
});

/** Tells when this export, which was ordered here, has ended. */
export function watchExport(jobId: string): void {
  ordered.add(jobId);
  become([...watched, jobId]);
}

export const unwatchExport = (jobId: string): void =>
  become(watched.filter((each) => each !== jobId));

/** Whether this page has ordered the export. */
export const isOrderedHere = (jobId: string): boolean => ordered.has(jobId);

export const useWatchedExports = (): readonly string[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => watched,
  );
