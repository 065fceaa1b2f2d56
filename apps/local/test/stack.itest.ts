import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { waitFor } from "@docket/testing";

import { createClient } from "@docket/client";
import { DEMO_TENANT } from "@docket/demo-data";
import { inHome, isRunning, markProcess, type ProcessMark } from "@docket/stack";
import { lookUpProcess } from "@docket/embedded-postgres";
import { tokenFor } from "../../cli/src/token/command.ts";
import { ready, startMain, type Started, type Welcome } from "./support/started-stack.ts";

// A first start takes seven seconds, and much longer beside three other workers of jest on two cores.
jest.setTimeout(150_000);

let home: string;
const everything: Started[] = [];

function start(environment: Record<string, string> = {}): Started {
  const started = startMain({ DOCKET_HOME: home, ...environment });
  everything.push(started);
  return started;
}

/** The processes of the stack as the system shows them, by what they run. */
async function processes(): Promise<Record<"api" | "worker" | "store" | "postgres", ProcessMark>> {
  const marks = JSON.parse(await readFile(inHome.processes(home), "utf8")) as ProcessMark[];
  const running = (
    await Promise.all(
      marks.map(async (mark) => ({ mark, command: (await lookUpProcess(mark.pid))?.command })),
    )
  ).filter(({ mark }) => isRunning(mark));
  const find = (part: string): ProcessMark | undefined =>
    running.find(({ command }) => command?.includes(part))?.mark;
  const postmaster = await readFile(join(inHome.postgres(home), "data/postmaster.pid"), "utf8");
  const found = {
    api: find("api/dist/main.js"),
    worker: find("worker/dist/main.js"),
    store: find("object-store-process.js"),
    postgres: markProcess(Number.parseInt(postmaster, 10)),
  };
  for (const [name, mark] of Object.entries(found)) if (mark === undefined) throw new Error(name);
  return found as Record<keyof typeof found, ProcessMark>;
}

const isReady = async (address: string): Promise<boolean> =>
  (await fetch(`${address}/readyz`).catch(() => undefined))?.ok === true;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "docket-stack-"));
  await chmod(home, 0o711);
});

afterAll(async () => {
  for (const each of everything) each.process.kill("SIGTERM");
  await Promise.all(everything.map((each) => each.ended));
  await rm(home, { recursive: true, force: true });
});

let stack: Started;
let shown: Welcome;

test("a first start ends with an address, a token and the demo tenant", async () => {
  stack = start();
  shown = await ready(stack);
  const counts = await createClient(shown).contextCounts(shown.context);
  expect(counts.transactions).toBeGreaterThan(49_000);
  expect(counts.matched).toBeGreaterThan(40_000);
  expect(counts.exceptions).toBeGreaterThan(1_000);
});

test("npm run token signs for the same stack", async () => {
  const args = ["--tenant", DEMO_TENANT, "--sub", "somebody"];
  const token = tokenFor(args, { DOCKET_HOME: home });
  await createClient({ address: shown.address, token }).contextCounts(shown.context);
});

test.each(["api", "worker", "store", "postgres"] as const)(
  "%s is started again after kill -9, at the same address",
  async (name) => {
    const before = (await processes())[name];
    process.kill(before.pid, "SIGKILL");
    const after = await waitFor(
      async () => {
        const now = (await processes())[name];
        return isRunning(now) && now.pid !== before.pid && now;
      },
      { timeoutMs: 30_000 },
    );
    await waitFor(() => isReady(shown.address), { timeoutMs: 30_000 });
    expect(after.pid).not.toBe(before.pid);
    expect(stack.output()).toContain("starting it again");
  },
);

test("an export still goes all the way after that", async () => {
  const client = createClient(shown);
  const today = new Date().toISOString().slice(0, 10);
  const request = { reportType: "VARIANCE", format: "CSV", dateFrom: today, dateTo: today };
  const { jobId } = await client.orderExport(shown.context, request);
  const job = await waitFor(
    async () => {
      const { job: now } = await client.exportJob(jobId);
      return now.status === "SUCCEEDED" && now;
    },
    { timeoutMs: 50_000 },
  );
  const { downloadUrl } = await client.download(jobId);
  const file = await (await fetch(downloadUrl)).arrayBuffer();
  expect(file.byteLength).toBe(job.bytesWritten);
});

test("a second start in the same home says that one is running", async () => {
  const second = start();
  expect(await second.ended).toBe(1);
  const [, complaint] = second.output().trimEnd().split("\n");
  expect(complaint).toContain(`already running in ${home} (process ${stack.process.pid})`);
});

test("a port that is taken is one clear line", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  const elsewhere = await mkdtemp(join(tmpdir(), "docket-stack-"));
  const third = start({ PORT: String(port), DOCKET_HOME: elsewhere });
  expect(await third.ended).toBe(1);
  expect(third.output().trimEnd().split("\n").slice(1)).toEqual([
    `Port ${port} is already in use: set PORT to another one.`,
  ]);
  other.close();
  await rm(elsewhere, { recursive: true, force: true });
});

test("SIGTERM stops everything within 10 s, and the next start finds everything", async () => {
  const marks = Object.values(await processes());
  const began = performance.now();
  stack.process.kill("SIGTERM");
  expect(await stack.ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(marks.filter(isRunning)).toEqual([]);

  stack = start();
  const again = await ready(stack);
  expect(again.context).toBe(shown.context);
  const counts = await createClient(again).contextCounts(again.context);
  expect(counts.transactions).toBeGreaterThan(49_000);
});

test("after kill -9 of the supervisor nothing of it disturbs the next start", async () => {
  const { api, worker, store } = await processes();
  stack.process.kill("SIGKILL");
  await stack.ended;
  // They notice that they are alone.
  await waitFor(() => ![api, worker, store].some(isRunning));

  stack = start();
  const again = await ready(stack);
  expect(again.context).toBe(shown.context);
});

test("after kill -9 of everything at once the next start finds everything", async () => {
  const { api, worker, store, postgres } = await processes();
  for (const { pid } of [{ pid: stack.process.pid! }, postgres, api, worker, store]) {
    process.kill(pid, "SIGKILL");
  }
  await stack.ended;
  stack = start();
  const again = await ready(stack);
  expect(again.context).toBe(shown.context);
  const stopped = stack;
  stopped.process.kill("SIGINT");
  expect(await stopped.ended).toBe(0);
});
