import type { ExportProgress, FollowStatus } from "@docket/client";

/** What one tab tells the others: only what is needed to read the changed resources again. */
export type LiveMessage =
  | { readonly kind: "status"; readonly status: FollowStatus; readonly seq: number | undefined }
  | { readonly kind: "event"; readonly seq: number; readonly type: string }
  | { readonly kind: "progress"; readonly progress: ExportProgress }
  /** Events up to this number were missed: everything may have changed. */
  | { readonly kind: "reset"; readonly seq: number };

/** A new tab asks for the status. */
type Hello = { readonly kind: "hello" };

export type Tab = ReturnType<typeof createTab>;

/** This tab among those that share a stream. */
export function createTab(name: string, onMessage: (message: LiveMessage) => void) {
  const channel = new BroadcastChannel(name);
  let isLeader = false;
  let isClosed = false;
  let status: FollowStatus = "offline";
  let seq: number | undefined;
  let hasLostEvents = false;

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- That is for windows; a channel has none.
  const post = (message: LiveMessage | Hello): void => channel.postMessage(message);

  const receive = (message: LiveMessage | Hello): void => {
    if (isClosed) return;
    if (message.kind === "hello") {
      if (isLeader) post({ kind: "status", status, seq });
      return;
    }
    if (message.kind === "status") ({ status } = message);
    if (message.kind === "reset") hasLostEvents = false;
    if ("seq" in message) seq = message.seq ?? seq;
    onMessage(message);
  };
  channel.addEventListener("message", ({ data }: MessageEvent<LiveMessage | Hello>) =>
    receive(data),
  );
  post({ kind: "hello" });

  return {
    becomeLeader: (): void => {
      isLeader = true;
    },
    /** The last event that this tab knows of. */
    lastSeq: (): number | undefined => seq,
    /** The events after the last one are no longer stored. */
    loseEvents: (): void => {
      seq = undefined;
      hasLostEvents = true;
    },
    /** Whether the reset is still to be published. */
    hasLostEvents: (): boolean => hasLostEvents,
    /** Tells all tabs, this one included. */
    publish: (message: LiveMessage): void => {
      if (isClosed) return;
      receive(message);
      post(message);
    },
    close: (): void => {
      isClosed = true;
      channel.close();
    },
  };
}
