const forgetters = new Set<() => void>();
let calls = new AbortController();

/** Calls `forget` when somebody else signs in, or nobody is signed in any more. For what lives outside of the components. */
export const onPersonChange = (forget: () => void): void => void forgetters.add(forget);

/** Aborts the calls of the person whose screens are open when these are no longer theirs. */
export const personSignal = (): AbortSignal => calls.signal;

export function forgetPerson(): void {
  calls.abort();
  calls = new AbortController();
  for (const forget of forgetters) forget();
}
