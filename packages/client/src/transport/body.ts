import type { Deadline } from "./deadline.ts";

export type Passing = {
  readonly deadline: Deadline;
  /** How long to wait for the next bytes. Default: the time limit of the deadline. */
  readonly silenceMs?: number | undefined;
  readonly toError: (error: unknown) => unknown;
  /** Called for each chunk, and with undefined at the end. What it throws fails the stream. */
  readonly check?: (chunk: Uint8Array | undefined) => void;
};

/** Passes the bytes of a response on. Limits the wait for the network, not for a slow consumer. */
export function passOn(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { deadline, silenceMs, toError, check }: Passing,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      pull: async (controller) => {
        try {
          deadline.start(silenceMs);
          const { done, value } = await reader.read();
          deadline.pause();
          check?.(value);
          if (!done) return controller.enqueue(value);
          deadline.close();
          controller.close();
        } catch (error) {
          deadline.close();
          void reader.cancel().catch(() => undefined);
          controller.error(toError(error));
        }
      },
      cancel: (reason) => {
        deadline.close();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
