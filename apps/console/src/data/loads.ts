import type { Docket, IngestResult, RecordKind } from "@docket/client";

import { toasts } from "../ui/toast.tsx";
import { describeError } from "../ui/states.tsx";
import { formatUnit } from "../ui/format.ts";
import { recordFile } from "./record-file.ts";

/** A file that is being loaded, or was. */
export type Load = {
  readonly fileName: string;
  readonly kind: RecordKind;
  readonly sizeBytes: number;
  readonly sentBytes: number;
} & (
  | { readonly state: "sending"; readonly cancel: () => void }
  | { readonly state: "loaded"; readonly result: IngestResult }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "canceled" }
);

type Order = {
  readonly docket: Docket;
  readonly contextId: string;
  readonly kind: RecordKind;
  readonly file: File;
};

const askBeforeLeaving = (event: Event): void => event.preventDefault();

/** The last load of each context. It goes on while other screens are open; leaving the page asks first. */
function createLoads() {
  const loads = new Map<string, Load>();
  const listeners = new Set<() => void>();

  const set = (contextId: string, load: Load): void => {
    loads.set(contextId, load);
    const isSending = [...loads.values()].some(({ state }) => state === "sending");
    if (isSending) window.addEventListener("beforeunload", askBeforeLeaving);
    else window.removeEventListener("beforeunload", askBeforeLeaving);
    for (const listener of listeners) listener();
  };

  // Where the load is shown, its outcome appears there.
  const tell = (title: string, description: string): void => {
    if (listeners.size === 0) toasts.add({ title, description });
  };

  const start = async ({ docket, contextId, kind, file }: Order): Promise<void> => {
    const format = recordFile(file.name);
    if (format === undefined || loads.get(contextId)?.state === "sending") return;
    const aborting = new AbortController();
    const { signal } = aborting;
    const cancel = (): void => aborting.abort();
    const about = { fileName: file.name, kind, sizeBytes: file.size };
    const onProgress = (sentBytes: number): void => {
      if (!signal.aborted) set(contextId, { ...about, sentBytes, state: "sending", cancel });
    };
    onProgress(0);
    const done = { ...about, sentBytes: file.size };
    try {
      const options = { ...format, signal, onProgress };
      const result = await docket.records.pushFile(contextId, kind, file, options);
      set(contextId, { ...done, state: "loaded", result });
      tell(`${file.name} is loaded`, formatUnit(result.received, "record"));
    } catch (error) {
      if (signal.aborted) return set(contextId, { ...done, state: "canceled" });
      set(contextId, { ...done, state: "failed", error });
      tell(`${file.name} was not loaded`, describeError(error).detail);
    }
  };
  return {
    start,
    get: (contextId: string): Load | undefined => loads.get(contextId),
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export const loads = createLoads();
