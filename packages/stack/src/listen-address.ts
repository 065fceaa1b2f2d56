import { createServer } from "node:net";

import { StartError, type Environment } from "./settings.ts";

const DEFAULT_PORT = 3_000;
/** Loopback: the stack prints a token that may do everything. */
const DEFAULT_HOST = "127.0.0.1";

/** The host and port that the API listens on, from `HOST` and `PORT`. Port 0 means any free port. @throws StartError */
export function listenAddress(environment: Environment): { host: string; port: number } {
  const text = environment["PORT"] || String(DEFAULT_PORT);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new StartError("PORT must be a number from 0 to 65535.");
  }
  return { host: environment["HOST"] || DEFAULT_HOST, port };
}

/** The URL at which this machine reaches a server that listens on `host`. */
export function localUrl(host: string, port: number): string {
  // A server on all interfaces also listens on loopback.
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Checks that a port is free before the stack starts anything. @throws StartError */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen(port, host, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === "EADDRINUSE"
        ? `Port ${port} is already in use; set PORT to another port.`
        : `Cannot listen on host ${host}, port ${port} (${code}).`;
    throw new StartError(message, { cause: error });
  }
  await new Promise((resolve) => probe.close(resolve));
}
