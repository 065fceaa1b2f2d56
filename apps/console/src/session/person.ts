const forgetters = new Set<() => void>();
let calls = new AbortController();

/** Calls `forget` when the user signs out or another user signs in. For state outside of React components. */
export const onPersonChange = (forget: () => void): void => void forgetters.add(forget);

/** Aborts when the user signs out or another user signs in. */
export const personSignal = (): AbortSignal => calls.signal;

export function forgetPerson(): void {
  calls.abort();
  calls = new AbortController();
  for (const forget of forgetters) forget();
}
