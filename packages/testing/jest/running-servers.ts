// Global setup and teardown run in one process but load modules separately, so they share the global object.
const shared = globalThis as { closeTestServers?: () => Promise<void> };

/** Keeps the function that stops the servers of the test run. */
export function rememberServers(close: () => Promise<void>): void {
  shared.closeTestServers = close;
}

/** Stops the servers of the test run, if any. */
export async function closeServers(): Promise<void> {
  await shared.closeTestServers?.();
  delete shared.closeTestServers;
}
