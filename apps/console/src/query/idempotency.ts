import { useRef } from "react";

/** Not `crypto.randomUUID`, which browsers offer to https pages only. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/**
 * A key for each input of a form: the same input gets the same key, so that a second click or a repetition after a failure takes
 * effect at most once. Another input is another request.
 */
export function useIdempotencyKey(): (input: unknown) => string {
  const last = useRef({ input: "", key: "" });
  return (input) => {
    const text = JSON.stringify(input);
    if (last.current.input !== text) last.current = { input: text, key: randomKey() };
    return last.current.key;
  };
}
