import { createServer } from "node:net";

/** The environment as `main.ts` was given it; an empty variable counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Something about how the stack was started is wrong; the message is one line for the person who started it. */
export class StartError extends Error {
  override readonly name = "StartError";
}

const DEFAULT_PORT = 3_000;
/** A stack with a demo token on its screen is for this machine, unless told otherwise. */
const DEFAULT_HOST = "127.0.0.1";

/** Where the API is to listen; port 0 is any free one. @throws StartError */
export function listeningOn(environment: Environment): { host: string; port: number } {
  const text = environment["PORT"] || String(DEFAULT_PORT);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new StartError("PORT must be a number from 0 to 65535.");
  }
  return { host: environment["HOST"] || DEFAULT_HOST, port };
}

/** Where this machine reaches what listens on `host`. */
export function addressOf(host: string, port: number): string {
  // All interfaces: this one among them.
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Says so before anything is started when the port is not free. @throws StartError */
export async function refuseTakenPort(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen(port, host, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new StartError(`Port ${port} is already in use: set PORT to another one.`, {
        cause: error,
      });
    }
    throw new StartError(`Cannot listen on ${host}, port ${port} (${code}).`, { cause: error });
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** Every `S3_*` variable out: the embedded store's take their place. */
export function withoutStorage(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("S3_")),
  );
}

/** Variables of one process that the other must not get: two cannot listen on one port, and neither migrates. */
export function without(environment: Environment, ...names: readonly string[]): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}
