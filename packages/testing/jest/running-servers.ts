// Global setup and teardown run in one process but load modules apart, so the global object carries this.
const shared = globalThis as { closeTestServers?: () => Promise<void> };

/** Keeps what stops the run's servers. */
export function rememberServers(close: () => Promise<void>): void {
  shared.closeTestServers = close;
}

/** Stops the run's servers, if there are any. */
export async function closeServers(): Promise<void> {
  await shared.closeTestServers?.();
  delete shared.closeTestServers;
}
