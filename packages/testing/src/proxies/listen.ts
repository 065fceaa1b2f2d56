import type { AddressInfo, Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const MAX_ATTEMPTS = 50;
const RETRY_DELAY_MS = 100;

/** Listens on 127.0.0.1 and returns the port. Retries while another process holds `port`; 0 picks a free one. */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      server.removeAllListeners("error");
      if (attempt === MAX_ATTEMPTS) throw error;
      await sleep(RETRY_DELAY_MS);
    }
  }
}

/** Closes a server and waits until its connections have ended; it does not end them. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()));
