import { DocketError } from "../error.ts";
import type { Event } from "../generated/api-types.ts";
import { createEventParser, type ServerSentEvent } from "../transport/sse.ts";
import type { Transport } from "../transport/transport.ts";

/** The progress of a running export. It is not stored, and not part of the feed. */
export type ExportProgress = {
  readonly id: string;
  readonly recordsWritten: number;
  readonly recordsExpected?: number;
  readonly bytesWritten: number;
  readonly percent?: number;
};

/** A message of the stream. */
export type StreamMessage =
  | { readonly event: Event; readonly progress?: never }
  | { readonly event?: never; readonly progress: ExportProgress };

export type StreamOptions = {
  /** The number of the event to continue after. Default: the newest. */
  readonly after?: number;
  readonly type?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
  readonly onOpen?: () => void;
};

export const PROGRESS_TYPE = "export-job.progress";

const PATH = "/v1/events/stream";
/** The API sends a comment every 15 s. */
const SILENCE_MS = 45_000;

/**
 * Reads a stream of events until it ends. One attempt.
 *
 * @throws DocketError when it was refused or broke off
 */
export async function* readEventStream(
  { open, timeoutMs }: Transport,
  { after, type, onOpen, ...options }: StreamOptions,
): AsyncGenerator<StreamMessage, void> {
  const headers = {
    accept: "text/event-stream",
    ...(after !== undefined && { "last-event-id": String(after) }),
  };
  const spec = { method: "GET", path: PATH, query: { type }, headers, options } as const;
  const response = await open(spec, Math.max(timeoutMs, SILENCE_MS));
  const reader = response.stream.getReader();
  try {
    const contentType = response.headers.get("content-type") ?? "";
    if (!contentType.startsWith("text/event-stream")) throw fault("is not a stream of events");
    onOpen?.();
    const parse = createEventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const message of parse(value)) yield toMessage(message);
    }
  } finally {
    // Frees the connection, also when the caller stops reading.
    void reader.cancel().catch(() => undefined);
  }
}

const fault = (detail: string): DocketError =>
  new DocketError(`GET ${PATH}`, { code: "unexpected_answer", detail: `the answer ${detail}` });

function toMessage({ type, data }: ServerSentEvent): StreamMessage {
  const value = JSON.parse(data) as unknown;
  return type === PROGRESS_TYPE ? { progress: value as ExportProgress } : { event: value as Event };
}
