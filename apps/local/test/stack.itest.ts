import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { createDocket } from "@docket/client";
import { DEMO_TENANT } from "@docket/demo-data";
import { lookUpProcess } from "@docket/embedded-postgres";
import { homePaths, identifyProcess, isRunning, type ProcessIdentity } from "@docket/stack";
import { waitFor } from "@docket/testing";

import {
  startLocal,
  waitUntilPrinted,
  type LocalProcess,
  type PrintedStack,
} from "./support/local-process.ts";

// A first start takes seven seconds, and much longer while other test files keep both cores busy.
jest.setTimeout(300_000);

/** docs/api.md §7, "npm start". */
const SHUTDOWN_LIMIT_MS = 10_000;

const run = promisify(execFile);
const DOCKET_PROGRAM = fileURLToPath(new URL("../../cli/dist/main.js", import.meta.url));

let home: string;
const started: LocalProcess[] = [];

function start(environment: Record<string, string> = {}): LocalProcess {
  const local = startLocal({ DOCKET_HOME: home, ...environment });
  started.push(local);
  return local;
}

type StackProcess = "api" | "worker" | "store" | "postgres";

/** Finds the stack's processes by their command lines. @throws Error when one is not running. */
async function findProcesses(): Promise<Record<StackProcess, ProcessIdentity>> {
  const recorded = JSON.parse(
    await readFile(homePaths.processes(home), "utf8"),
  ) as ProcessIdentity[];
  const running = await Promise.all(
    recorded.filter(isRunning).map(async (identity) => ({
      identity,
      command: (await lookUpProcess(identity.pid))?.command,
    })),
  );
  const find = (program: string): ProcessIdentity | undefined =>
    running.find(({ command }) => command?.includes(program))?.identity;
  const pidFile = join(homePaths.postgres(home), "data/postmaster.pid");
  const found = {
    api: find("api/dist/main.js"),
    worker: find("worker/dist/main.js"),
    store: find("object-store-process.js"),
    postgres: identifyProcess(Number.parseInt(await readFile(pidFile, "utf8"), 10)),
  };
  for (const [name, identity] of Object.entries(found)) {
    if (identity === undefined) throw new Error(`${name} is not running`);
  }
  return found as Record<StackProcess, ProcessIdentity>;
}

const isReady = async (address: string): Promise<boolean> =>
  (await fetch(`${address}/readyz`).catch(() => undefined))?.ok === true;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "docket-stack-"));
  await chmod(home, 0o711);
});

afterAll(async () => {
  for (const local of started) local.process.kill("SIGTERM");
  await Promise.all(started.map((local) => local.exitCode));
  await rm(home, { recursive: true, force: true });
});

const docketOf = ({ address, token }: PrintedStack) => createDocket({ baseUrl: address, token });

describe("npm start", () => {
  let local: LocalProcess;
  let printed: PrintedStack;

  it("prints an address, a token and the context of a loaded demo tenant", async () => {
    local = start();
    printed = await waitUntilPrinted(local);
    const { counts } = await docketOf(printed).contexts.get(printed.contextId);
    expect(counts.transactions).toBeGreaterThan(49_000);
    expect(counts.matched).toBeGreaterThan(40_000);
    expect(counts.exceptions).toBeGreaterThan(1_000);
  });

  it("prints a link to the console, with another token", async () => {
    const { origin, pathname, hash } = new URL(printed.consoleUrl);
    expect({ origin, pathname }).toEqual({ origin: printed.address, pathname: "/" });
    const token = hash.slice("#token=".length);
    expect(token).not.toBe(printed.token);
    await docketOf({ ...printed, token }).contexts.get(printed.contextId);
    const settings = await fetch(`${printed.address}/console.json`);
    expect(await settings.json()).toMatchObject({ tokenLinks: true });
  });

  it("accepts the tokens of npm run token", async () => {
    const args = [DOCKET_PROGRAM, "token", "--tenant", DEMO_TENANT, "--sub", "somebody"];
    const { stdout } = await run(process.execPath, args, { env: { DOCKET_HOME: home } });
    const docket = docketOf({ ...printed, token: stdout.trim() });
    await docket.contexts.get(printed.contextId);
  });

  it.each(["api", "worker", "store", "postgres"] as const)(
    "restarts the %s at the same address after kill -9",
    async (name) => {
      const before = (await findProcesses())[name];
      process.kill(before.pid, "SIGKILL");
      await waitFor(
        async () => {
          const now = (await findProcesses())[name];
          return isRunning(now) && now.pid !== before.pid;
        },
        { timeoutMs: 30_000 },
      );
      await waitFor(() => isReady(printed.address), { timeoutMs: 30_000 });
      expect(local.output()).toContain("restarting");
    },
  );

  it("still runs an export after those restarts", async () => {
    const { exportJobs } = docketOf(printed);
    const today = new Date().toISOString().slice(0, 10);
    const request = { reportType: "VARIANCE", format: "CSV", dateFrom: today, dateTo: today };
    const signal = AbortSignal.timeout(50_000);
    const options = { to: new WritableStream<Uint8Array>(), signal };
    const { job } = await exportJobs.run(printed.contextId, request, options);
    expect(job.status).toBe("SUCCEEDED");
  });

  it("refuses to start twice in the same home", async () => {
    const second = start();
    expect(await second.exitCode).toBe(1);
    const [, message] = second.output().trimEnd().split("\n");
    expect(message).toContain(`already running in ${home} (process ${local.process.pid})`);
  });

  it("reports a port in use in one line", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const otherHome = await mkdtemp(join(tmpdir(), "docket-stack-"));
    const other = start({ PORT: String(port), DOCKET_HOME: otherHome });
    expect(await other.exitCode).toBe(1);
    expect(other.output().trimEnd().split("\n").slice(1)).toEqual([
      `Port ${port} is already in use; set PORT to another port.`,
    ]);
    server.close();
    await rm(otherHome, { recursive: true, force: true });
  });

  it("stops within 10 s after SIGTERM, and finds its data at the next start", async () => {
    const processes = Object.values(await findProcesses());
    const stoppingAt = performance.now();
    local.process.kill("SIGTERM");
    expect(await local.exitCode).toBe(0);
    expect(performance.now() - stoppingAt).toBeLessThan(SHUTDOWN_LIMIT_MS);
    expect(processes.filter(isRunning)).toEqual([]);

    local = start();
    const again = await waitUntilPrinted(local);
    expect(again.contextId).toBe(printed.contextId);
    const { counts } = await docketOf(again).contexts.get(again.contextId);
    expect(counts.transactions).toBeGreaterThan(49_000);
  });

  it("starts again after kill -9 of the supervisor", async () => {
    const { api, worker, store } = await findProcesses();
    local.process.kill("SIGKILL");
    await local.exitCode;
    // Each exits when its channel to the supervisor closes.
    await waitFor(() => ![api, worker, store].some(isRunning));

    local = start();
    expect((await waitUntilPrinted(local)).contextId).toBe(printed.contextId);
  });

  it("starts again after kill -9 of all its processes at once", async () => {
    const { api, worker, store, postgres } = await findProcesses();
    for (const { pid } of [{ pid: local.process.pid! }, postgres, api, worker, store]) {
      process.kill(pid, "SIGKILL");
    }
    await local.exitCode;
    local = start();
    expect((await waitUntilPrinted(local)).contextId).toBe(printed.contextId);
    local.process.kill("SIGINT");
    expect(await local.exitCode).toBe(0);
  });
});
