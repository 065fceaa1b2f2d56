import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";

import pg from "pg";

import { startPostgres, type EmbeddedPostgres, type PostgresOptions } from "../src/start.ts";

let directory: string;
let running: EmbeddedPostgres[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "docket-embedded-"));
  running = [];
});

afterEach(async () => {
  for (const postgres of running) await postgres.close();
  await rm(directory, { recursive: true, force: true });
});

/** Without fsync, which protects against power failures only: the kernel keeps the writes of a killed server. */
async function start(options: Partial<PostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ directory, settings: { fsync: "off" }, ...options });
  running.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

describe("startPostgres", () => {
  it("uses UTF-8, UTC and durable commits, and an owner that is not a superuser", async () => {
    const { ownerUrl } = await start({ settings: {} });
    const [settings] = await query(
      ownerUrl,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
              current_setting('fsync') AS fsync, rolsuper AS superuser
       FROM pg_roles WHERE rolname = current_user`,
    );
    expect(settings).toEqual({ encoding: "UTF8", zone: "UTC", fsync: "on", superuser: false });
  });

  it("keeps its data across a close", async () => {
    const first = await start();
    await query(first.ownerUrl, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.close();
    await first.close();

    const second = await start();
    expect(await query(second.ownerUrl, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  });

  it("keeps its data when the server is killed", async () => {
    const first = await start();
    await query(first.ownerUrl, "CREATE TABLE kept AS SELECT 42 AS answer");
    process.kill(first.pid, "SIGKILL");
    await first.ended;

    const second = await start();
    expect(await query(second.ownerUrl, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  });

  it("starts when the pid in a stale postmaster.pid belongs to another program", async () => {
    const first = await start();
    await first.close();
    const pidFile = join(first.directory, "data", "postmaster.pid");
    await writeFile(pidFile, `${process.pid}\n${join(first.directory, "data")}\n`);

    const lines: string[] = [];
    const second = await start({ log: (line) => lines.push(line) });
    expect(await query(second.ownerUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(lines.join("\n")).toContain("removing the stale");
  });

  it("stops a server that outlived the process that started it", async () => {
    const first = await start();
    await writeFile(join(first.directory, "starter.pid"), "1\n");

    const second = await start();
    await first.ended;
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.ownerUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("does not touch a server whose starter is still running", async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(`is in use by process ${process.pid}`);
    expect(await query(first.ownerUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("creates the cluster again when the first start was interrupted", async () => {
    await mkdir(join(directory, "draft-incomplete"));
    await writeFile(join(directory, "password"), "incomplete\n");
    const { ownerUrl } = await start();
    expect(await query(ownerUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("stores its password in a file that only its user can read, and requires it", async () => {
    const postgres = await start();
    const { mode } = await stat(join(postgres.directory, "password"));
    expect(mode & 0o777).toBe(0o600);
    const password = (await readFile(join(postgres.directory, "password"), "utf8")).trim();
    expect(postgres.ownerUrl).toContain(password);

    const wrong = postgres.url("docket", { name: "docket_owner", password: "guess" });
    await expect(query(wrong, "SELECT 1")).rejects.toThrow("password authentication failed");
  });

  it("listens on the loopback interface only", async () => {
    const { port } = await start();
    await expect(tryConnect("127.0.0.1", port)).resolves.toBe("open");
    for (const host of externalAddresses())
      await expect(tryConnect(host, port)).resolves.toBe("closed");
  });

  it("refuses settings that would expose it to the network", async () => {
    const settings = { listen_addresses: "*" };
    await expect(startPostgres({ directory, settings })).rejects.toThrow(
      "does not accept these settings: listen_addresses",
    );
  });

  it("reports the log of a server that does not start", async () => {
    const settings = { shared_buffers: "plenty" };
    await expect(startPostgres({ directory, settings })).rejects.toThrow("shared_buffers");
  });
});

function externalAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
}

async function tryConnect(host: string, port: number): Promise<"open" | "closed"> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (result: "open" | "closed") => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => settle("open"));
    socket.once("error", () => settle("closed"));
    socket.once("timeout", () => settle("closed"));
  });
}
