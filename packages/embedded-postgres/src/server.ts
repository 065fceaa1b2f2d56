import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { OsUser } from "./os-user.ts";

/** How to run a server over a cluster. */
export interface ServerOptions {
  readonly binaries: string;
  readonly dataDirectory: string;
  readonly user: OsUser | undefined;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly log: (line: string) => void;
}

/** A running server. */
export interface Server {
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Stops it: open transactions are rolled back, clients are disconnected. */
  stop(): Promise<void>;
}

/** Starts `postgres` and waits until it accepts connections. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { binaries, dataDirectory, user, timeoutMs, log } = options;
  const child = spawn(join(binaries, "postgres"), ["-D", dataDirectory, ...flags(options)], {
    cwd: "/",
    // A session of its own: Ctrl-C in the terminal is for us, who stop the database last.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    ...user?.ids,
  });
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    log(line);
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      lastLines.push(String(error));
      resolve();
    });
  });
  // When we end without closing, the server should not stay behind.
  const stopAtExit = () => child.kill("SIGINT");
  // oxlint-disable-next-line no-restricted-properties -- not a signal: the last moment of any exit
  process.once("exit", stopAtExit);
  void ended.then(() => process.removeListener("exit", stopAtExit));

  const stop = () => stopServer(child, ended);
  const fate = await Promise.race([
    ended.then(() => "ended" as const),
    waitUntilReady(child, dataDirectory, timeoutMs),
  ]);
  if (fate === "ready" && child.pid !== undefined) return { pid: child.pid, ended, stop };
  await stop();
  const reason = fate === "slow" ? `not ready after ${timeoutMs} ms` : "it ended";
  throw new Error(`Postgres did not start (${reason}): ${lastLines.join("\n")}`);
}

function flags({ port, settings }: ServerOptions): string[] {
  const all = {
    max_connections: "200",
    shared_buffers: "256MB",
    timezone: "UTC",
    log_timezone: "UTC",
    ...settings,
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Reads the status that the server itself writes, as pg_ctl does: no client and no password needed. */
async function waitUntilReady(
  child: ChildProcess,
  dataDirectory: string,
  timeoutMs: number,
): Promise<"ready" | "slow" | "ended"> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) return "ended";
    const text = await readFile(join(dataDirectory, "postmaster.pid"), "utf8").catch(() => "");
    const lines = text.split("\n");
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === "ready") return "ready";
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return "slow";
}

/** Fast shutdown; after 10 s the immediate one, which recovery mends at the next start. */
async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const steps = [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const;
  for (const [signal, patienceMs] of steps) {
    if (child.exitCode !== null || child.signalCode !== null || !child.kill(signal)) break;
    const timer = new AbortController();
    const patience = new Promise<"late">((resolve) => {
      const handle = setTimeout(() => resolve("late"), patienceMs);
      timer.signal.addEventListener("abort", () => clearTimeout(handle));
    });
    const outcome = await Promise.race([ended.then(() => "ended" as const), patience]);
    timer.abort();
    if (outcome === "ended") return;
  }
}
