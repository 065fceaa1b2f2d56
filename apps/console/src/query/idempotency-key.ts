import { useRef } from "react";

/**
 * A key for the requests of a form: the same for the same request, so that a double click or another try after a broken
 * connection takes effect once, and a new one for a request that was changed.
 */
export function useIdempotencyKey(): (request: unknown) => string {
  const last = useRef({ request: "", key: "" });
  return (request) => {
    const text = JSON.stringify(request);
    if (last.current.request !== text) last.current = { request: text, key: randomKey() };
    return last.current.key;
  };
}

/** Not `crypto.randomUUID`, which browsers offer to https pages only. */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
