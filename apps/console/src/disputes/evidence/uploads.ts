import type { Docket } from "@docket/client";
import { useSyncExternalStore } from "react";

import { randomKey } from "../../query/idempotency.ts";
import { onPersonChange } from "../../session/person.ts";
import { errorText } from "../../ui/states.tsx";
import { toasts } from "../../ui/toast.ts";

/** A file on its way to a dispute. It goes on while other screens are open. */
export type Upload = {
  readonly id: string;
  readonly disputeId: string;
  readonly file: File;
  readonly contentType: string;
  readonly kind: string;
  readonly comment: string;
  readonly sentBytes: number;
  readonly state: "waiting" | "sending" | "failed";
  readonly fault?: string;
};

type Sender = { readonly docket: Docket; readonly onAdded: () => void };

/** The API commits the evidence of a dispute one after the other. */
const AT_ONCE = 2;

let uploads: readonly Upload[] = [];
const senders = new Map<string, Sender>();
const listeners = new Set<() => void>();

const isActive = ({ state }: Upload): boolean => state !== "failed";

/** Leaving the page would end them. */
const askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault();

function become(next: readonly Upload[]): void {
  uploads = next;
  if (uploads.some(isActive)) window.addEventListener("beforeunload", askBeforeLeaving);
  else window.removeEventListener("beforeunload", askBeforeLeaving);
  for (const listener of listeners) listener();
}

/** A user must not send the files of another user. Calls in progress are aborted with the session. */
onPersonChange(() => {
  senders.clear();
  become([]);
});

const change = (id: string, changes: Partial<Upload>): void =>
  become(uploads.map((each) => (each.id === id ? { ...each, ...changes } : each)));

const remove = (id: string): void => become(uploads.filter((each) => each.id !== id));

export type NewUpload = Pick<Upload, "disputeId" | "file" | "contentType" | "kind" | "comment">;

export function startUploads(files: readonly NewUpload[], sender: Sender): void {
  const added = files.map((file) => {
    const id = randomKey();
    senders.set(id, sender);
    return { ...file, id, sentBytes: 0, state: "waiting" } as const;
  });
  become([...uploads, ...added]);
  sendNext();
}

/** Sends a file again, with the same key: if it has arrived after all, it is not added twice. */
export function retryUpload(id: string): void {
  const { fault: _, ...upload } = uploads.find((each) => each.id === id) ?? {};
  become(
    uploads.map((each) =>
      each.id === id ? { ...(upload as Upload), sentBytes: 0, state: "waiting" } : each,
    ),
  );
  sendNext();
}

export function dismissUpload(id: string): void {
  senders.delete(id);
  remove(id);
}

function sendNext(): void {
  const sending = uploads.filter(({ state }) => state === "sending").length;
  const next = uploads.find(({ state }) => state === "waiting");
  if (next === undefined || sending >= AT_ONCE) return;
  change(next.id, { state: "sending" });
  void send(next);
  sendNext();
}

async function send({ id, disputeId, file, contentType, kind, comment }: Upload): Promise<void> {
  const { docket, onAdded } = senders.get(id)!;
  const about = { comment, kind, fileName: file.name, contentType };
  const onProgress = (sentBytes: number): void => change(id, { sentBytes });
  try {
    await docket.evidence.upload(disputeId, file, about, { idempotencyKey: id, onProgress });
    if (!senders.delete(id)) return;
    remove(id);
    toasts.add({ title: "Evidence added", description: file.name });
    onAdded();
  } catch (error) {
    change(id, { state: "failed", fault: errorText(error) });
  } finally {
    sendNext();
  }
}

/** The files on their way to a dispute. */
export function useUploads(disputeId: string): readonly Upload[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => uploads,
  );
  return all.filter((each) => each.disputeId === disputeId);
}
