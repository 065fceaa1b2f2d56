/** What to call when a signal is aborted, and the listener of the signal that does so. */
type Entry = { readonly callbacks: Set<() => void>; readonly listener: () => void };

const entries = new WeakMap<AbortSignal, Entry>();

/**
 * Calls `callback` when `signal`, which is not aborted yet, is aborted. The returned function cancels that.
 *
 * A signal has one listener, however many callbacks it has: Node prints a warning for more than ten listeners. It has none without
 * callbacks, because Node keeps the signals of `AbortSignal.any` and `AbortSignal.timeout` in memory while they have a listener.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, listener } = entries.get(signal) ?? addEntry(signal);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0 || entries.get(signal)?.callbacks !== callbacks) return;
    signal.removeEventListener("abort", listener);
    entries.delete(signal);
  };
}

function addEntry(signal: AbortSignal): Entry {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    entries.delete(signal);
    for (const callback of callbacks) callback();
  };
  signal.addEventListener("abort", listener, { once: true });
  const entry = { callbacks, listener };
  entries.set(signal, entry);
  return entry;
}
