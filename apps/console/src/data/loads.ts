import type { Docket, IngestResult, RecordKind } from "@docket/client";

import { onPersonChange } from "../session/person.ts";
import { toasts } from "../ui/toast.ts";
import { errorText } from "../ui/states.tsx";
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

type News = { readonly title: string; readonly description: string };

type Report = (load: Load, news?: News) => void;

const askBeforeLeaving = (event: Event): void => event.preventDefault();

/** The last load of each context. It goes on while other screens are open; leaving the page asks first. */
function createLoads() {
  let loads = new Map<string, Load>();
  /** Each with the context whose load it shows. */
  const listeners = new Map<() => void, string>();

  const changed = (): void => {
    const isSending = [...loads.values()].some(({ state }) => state === "sending");
    if (isSending) window.addEventListener("beforeunload", askBeforeLeaving);
    else window.removeEventListener("beforeunload", askBeforeLeaving);
    for (const listener of listeners.keys()) listener();
  };

  // A user must not see the loads of another user. Their calls are aborted with the session.
  onPersonChange(() => {
    loads = new Map();
    changed();
  });

  const start = async (order: Order): Promise<void> => {
    const { contextId } = order;
    if (loads.get(contextId)?.state === "sending") return;
    const ours = loads;
    await send(order, (load, news) => {
      if (ours !== loads) return;
      loads.set(contextId, load);
      changed();
      // Where the load is shown, its outcome appears there.
      const isShown = [...listeners.values()].includes(contextId);
      if (news !== undefined && !isShown) toasts.add(news);
    });
  };
  return {
    start,
    get: (contextId: string): Load | undefined => loads.get(contextId),
    /** Calls `listener` after each change, for a form that shows the load of this context. */
    subscribe: (contextId: string, listener: () => void): (() => void) => {
      listeners.set(listener, contextId);
      return () => void listeners.delete(listener);
    },
  };
}

async function send({ docket, contextId, kind, file }: Order, report: Report): Promise<void> {
  const { name, size } = file;
  const format = recordFile(name);
  if (format === undefined) return;
  const aborting = new AbortController();
  const { signal } = aborting;
  const cancel = (): void => aborting.abort();
  const about = { fileName: name, kind, sizeBytes: size };
  const onProgress = (sentBytes: number): void => {
    if (!signal.aborted) report({ ...about, sentBytes, state: "sending", cancel });
  };
  onProgress(0);
  const done = { ...about, sentBytes: size };
  try {
    const options = { ...format, signal, onProgress };
    const result = await docket.records.pushFile(contextId, kind, file, options);
    const description = formatUnit(result.received, "record");
    report({ ...done, state: "loaded", result }, { title: `${name} is loaded`, description });
  } catch (error) {
    if (signal.aborted) return report({ ...done, state: "canceled" });
    const description = errorText(error);
    report({ ...done, state: "failed", error }, { title: `${name} was not loaded`, description });
  }
}

export const loads = createLoads();
