import { createReadStream } from "node:fs";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { createDatabase, type Database } from "@docket/platform/database";

import { startBenchStack, type BenchApi, type BenchStack } from "./bench-stack.ts";
import type { BenchRun } from "./bench.ts";
import { asCsv, asJson, toFile } from "./ingest-rows.ts";
import { inPairs } from "./pairs.ts";
import { resetPeakMemory, processUsage } from "@docket/testing";
import { openReferenceCopy } from "./reference-copy.ts";
import { TENANT } from "./seed.ts";
import { figure, median, table } from "./table.ts";

/** Printed beside the figures, and nothing fails by it: machines differ. */
const LIMITS = { ratio: 2 } as const;

const SOURCE = "Bank";

/** Where the rows go. */
type Stage = {
  readonly stack: BenchStack;
  readonly contextId: string;
  readonly sourceId: string;
  /** Takes all transactions away, so that every measurement finds the same table. */
  readonly clear: () => Promise<void>;
};

/** Transactions through the API beside `\\copy` of the same rows into the same table, and the API's memory at growing sizes. */
export async function benchIngest(run: BenchRun): Promise<void> {
  const { lifetime, say, signal } = run;
  const stack = await startBenchStack(lifetime, say, signal);
  const stage = await openStage(run, stack);
  const count = run.rows.toLocaleString("en");
  const reference = await openReferenceCopy(stack.postgres.superuserUrl, signal);
  say(`Reference: ${reference.name}. ${count} transactions, ${run.pairs} pairs, medians.`);
  say();

  const files = await writeFiles(run, stage);
  const api = await stack.startApi();
  const found = await inPairs({
    ...run,
    ours: async () => {
      await stage.clear();
      return push(api, stage, run.rows, createReadStream(files.json));
    },
    theirs: async () => {
      await stage.clear();
      return reference.seconds(files.csv);
    },
    each: (pair, number) =>
      say(`  ${number}: API ${pair.ours.toFixed(1)} s, \\copy ${pair.theirs.toFixed(1)} s`),
  });
  await api.stop();
  const ratio = median(found.map((pair) => pair.ours / pair.theirs));
  const ours = median(found.map((pair) => pair.ours));
  const theirs = median(found.map((pair) => pair.theirs));
  say(
    table([
      ["", "s", "reference s", "ratio", "rows/s"],
      [
        "transactions",
        figure(ours, 1),
        figure(theirs, 1),
        figure(ratio, 2, LIMITS.ratio),
        figure(run.rows / ours, 0),
      ],
    ]),
  );
  say(`  Limit: ratio ${LIMITS.ratio}`);
  say();
  say("Peak memory of a fresh API:");
  say(table([["rows", "s", "peak RSS MB"], ...(await memoryLines(run, stage))]));
}

async function openStage({ lifetime }: BenchRun, stack: BenchStack): Promise<Stage> {
  const superuser: Database = createDatabase({
    url: stack.postgres.superuserUrl,
    poolSize: 1,
    applicationName: "docket-bench",
    statementTimeoutMs: 0,
  });
  lifetime.onClose("superuser", superuser.close);
  const api = await stack.startApi();
  const context = await api.client.createContext("Bench");
  const source = { name: SOURCE, type: "BANK", side: "LEFT" };
  const { id: sourceId } = await api.client.createSource(context.id, source);
  await api.stop();
  return {
    stack,
    contextId: context.id,
    sourceId,
    clear: async () => {
      await superuser.pool.query("TRUNCATE transactions CASCADE");
      // No checkpoint of what went before in the middle of a measurement.
      await superuser.pool.query("CHECKPOINT");
    },
  };
}

async function writeFiles(run: BenchRun, { contextId, sourceId }: Stage) {
  const directory = await mkdtemp(join(tmpdir(), "docket-bench-rows-"));
  run.lifetime.onClose("rows", () => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  const files = { json: join(directory, "rows.ndjson"), csv: join(directory, "rows.csv") };
  await toFile(asJson(run.rows, SOURCE), files.json);
  await toFile(asCsv(run.rows, [TENANT, contextId, sourceId]), files.csv);
  const mib = ((await stat(files.json)).size / 1_048_576).toFixed(0);
  run.say(`The rows as NDJSON: ${mib} MiB.`);
  return files;
}

/** Sends rows and answers how many seconds that took. @throws Error unless all of them were new. */
async function push(
  { address }: BenchApi,
  { contextId, stack }: Stage,
  count: number,
  body: Readable,
): Promise<number> {
  const began = performance.now();
  const call = request(`${address}/v1/contexts/${contextId}/records/transactions`, {
    method: "POST",
    agent: false,
    headers: {
      authorization: `Bearer ${stack.token}`,
      "content-type": "application/x-ndjson",
    },
  });
  const answered = new Promise<string>((resolve, reject) => {
    call.once("error", reject);
    call.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("error", reject).once("end", () => resolve(text));
    });
  });
  const [text] = await Promise.all([answered, pipeline(body, call)]);
  const seconds = (performance.now() - began) / 1_000;
  if ((JSON.parse(text) as { inserted?: number }).inserted !== count)
    throw new Error(`The API answered ${text}`);
  return seconds;
}

async function memoryLines(run: BenchRun, stage: Stage): Promise<string[][]> {
  const sizes = [Math.ceil(run.rows / 10), run.rows, ...(run.big ? [run.rows * 3] : [])];
  const lines: string[][] = [];
  for (const size of sizes) {
    run.signal.throwIfAborted();
    await stage.clear();
    const api = await stage.stack.startApi();
    resetPeakMemory(api.pid);
    const seconds = await push(api, stage, size, asJson(size, SOURCE));
    const peak = processUsage(api.pid)?.peakRssMb;
    await api.stop();
    lines.push([size.toLocaleString("en"), figure(seconds, 1), figure(peak, 0)]);
  }
  return lines;
}
