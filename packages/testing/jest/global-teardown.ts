import { closeServers } from "./running-servers.ts";

/** Ends the run's servers and removes their data. */
export default async function globalTeardown(): Promise<void> {
  await closeServers();
}
