import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import type { OsUser } from "./os-user.ts";

export interface ServerOptions {
  readonly binaries: string;
  readonly dataDirectory: string;
  readonly user: OsUser | undefined;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly log: (line: string) => void;
}

export interface Server {
  readonly pid: number;
  /** Resolves when the server has ended, whether it was stopped or not. */
  readonly ended: Promise<void>;
  /** Stops the server: open transactions are rolled back and clients are disconnected. */
  stop(): Promise<void>;
}

const LAST_LINES = 20;

/** Starts `postgres` and waits until it accepts connections. @throws Error with the last lines of its log. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { dataDirectory, timeoutMs } = options;
  const child = spawnServer(options);
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    options.log(line);
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      lastLines.push(String(error));
      resolve();
    });
  });
  stopAtExit(child, ended);

  const stop = (): Promise<void> => stopServer(child, ended);
  const outcome = await Promise.race([
    ended.then(() => "ended" as const),
    waitUntilReady(child, dataDirectory, timeoutMs),
  ]);
  if (outcome === "ready" && child.pid !== undefined) return { pid: child.pid, ended, stop };
  await stop();
  const reason = outcome === "timeout" ? `not ready after ${timeoutMs} ms` : "it ended";
  throw new Error(`Postgres did not start (${reason}): ${lastLines.join("\n")}`);
}

function spawnServer({ binaries, dataDirectory, user, port, settings }: ServerOptions) {
  const parameters = {
    max_connections: "200",
    shared_buffers: "256MB",
    timezone: "UTC",
    log_timezone: "UTC",
    ...settings,
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
  };
  const flags = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return spawn(join(binaries, "postgres"), ["-D", dataDirectory, ...flags], {
    cwd: "/",
    // Its own session: the terminal's Ctrl-C reaches only this process, which stops the database last.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    ...user?.ids,
  });
}

/** Stops the server when this process exits without closing it. */
function stopAtExit(child: ChildProcess, ended: Promise<void>): void {
  const interrupt = (): void => void child.kill("SIGINT");
  // oxlint-disable-next-line no-restricted-properties -- not a signal handler
  process.once("exit", interrupt);
  void ended.then(() => process.removeListener("exit", interrupt));
}

/** Reads the status that the server writes to its pid file, as pg_ctl does. Needs neither a client nor a password. */
async function waitUntilReady(
  child: ChildProcess,
  dataDirectory: string,
  timeoutMs: number,
): Promise<"ready" | "timeout" | "ended"> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (hasExited(child)) return "ended";
    const text = await readFile(join(dataDirectory, "postmaster.pid"), "utf8").catch(() => "");
    const lines = text.split("\n");
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === "ready") return "ready";
    await sleep(10);
  }
  return "timeout";
}

/** First a fast shutdown, then an immediate one, which costs a recovery at the next start. */
const STOP_STEPS = [
  ["SIGINT", 10_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
] as const;

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  for (const [signal, timeoutMs] of STOP_STEPS) {
    if (hasExited(child) || !child.kill(signal)) break;
    const timer = new AbortController();
    await Promise.race([
      ended,
      sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }
}

const hasExited = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;
