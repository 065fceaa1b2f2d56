const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `abort` when `signal` is aborted, unless the returned function was called before.
 *
 * A signal gets one listener, however many calls follow it at the same time: Node prints a warning for more than ten.
 */
export function onAbort(signal: AbortSignal, abort: () => void): () => void {
  const known = listeners.get(signal);
  const all = known ?? new Set();
  all.add(abort);
  if (known === undefined) {
    listeners.set(signal, all);
    signal.addEventListener("abort", () => all.forEach((each) => each()), { once: true });
  }
  return () => all.delete(abort);
}
