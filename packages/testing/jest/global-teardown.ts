import { closeServers } from "./running-servers.ts";

/** Stops the servers of the test run and deletes their data. */
export default async function globalTeardown(): Promise<void> {
  await closeServers();
}
