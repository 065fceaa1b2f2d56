import { createReadStream } from "node:fs";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

import type { Database } from "@docket/platform/database";
import { resetPeakMemory, processUsage } from "@docket/testing";

import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { measureInPairs, mediansOf, type Medians } from "../pairs.ts";
import { sendStream } from "../send-stream.ts";
import { openSuperuser, startBenchStack, type BenchApi, type BenchStack } from "../stack.ts";
import { figureAtMost, table } from "../table.ts";
import { TENANT } from "../tenant.ts";
import { withFirstSchema } from "./first-schema.ts";
import { openReferenceCopy, type ReferenceCopy } from "./reference.ts";
import { csvRows, ndjsonRows, writeRows } from "./rows.ts";

/** Printed beside the figures. A missed limit is not a failure, because machines differ. */
const MAX_RATIO = 1.25;
/** Of the time of `\copy` into the present schema to that into the schema of the first release. */
const MAX_SCHEMA_RATIO = 0.67;

const SOURCE = "Bank";

type Bench = {
  readonly run: BenchmarkRun;
  readonly stack: BenchStack;
  readonly contextId: string;
  readonly sourceId: string;
  /** Deletes all transactions, so that every measurement starts with an empty table. */
  readonly truncate: () => Promise<void>;
  readonly superuser: Database["pool"];
};

/** Compares loading transactions through the API with `\copy` of the same rows, and measures the API's memory at growing sizes. */
export async function benchmarkIngest(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { print, rows, signal } = run;
  const stack = await startBenchStack(run);
  const bench = await createBench(run, stack);
  const reference = await openReferenceCopy(stack.postgres.superuserUrl, signal);
  print(
    `Reference: ${reference.name}. ${rows.toLocaleString("en")} transactions, ${run.pairs} pairs, medians.`,
  );
  print();

  const files = await writeFiles(bench);
  const api = await stack.startApi();
  const pairs = await measureInPairs({
    ...run,
    subject: async () => {
      await bench.truncate();
      return load(bench, api, rows, createReadStream(files.ndjson));
    },
    reference: async () => {
      await bench.truncate();
      return reference.measure(files.csv);
    },
    onPair: (pair, number) =>
      print(`  ${number}: API ${pair.subject.toFixed(1)} s, \\copy ${pair.reference.toFixed(1)} s`),
  });
  await api.stop();
  const copies = await compareSchemas(bench, reference, files.csv);
  const loads = mediansOf(pairs);
  const lines = [
    medianLine("transactions", loads, MAX_RATIO, rows),
    medianLine("\\copy", copies, MAX_SCHEMA_RATIO, rows),
  ];
  print(table([["", "s", "reference s", "ratio", "rows/s"], ...lines]));
  print(
    `  Limits: ratio ${MAX_RATIO}; \\copy, beside the schema of the first release: ${MAX_SCHEMA_RATIO}`,
  );
  print();
  print("Peak memory of a fresh API:");
  print(table([["rows", "s", "peak RSS MB"], ...(await memoryLines(bench))]));
  const { subject: seconds, ...figures } = loads;
  return { ingest: [{ rows, seconds, ...figures }] };
}

const medianLine = (
  name: string,
  { subject, reference, ratio }: Medians,
  limit: number,
  rows: number,
): string[] => [
  name,
  subject.toFixed(1),
  reference.toFixed(1),
  figureAtMost(ratio, 2, limit),
  (rows / subject).toFixed(0),
];

/** Measures the reference in the present schema and in that of the first release. */
async function compareSchemas(
  { run, superuser, truncate }: Bench,
  { measure }: ReferenceCopy,
  path: string,
): Promise<Medians> {
  const pairs = await measureInPairs({
    ...run,
    subject: async () => {
      await truncate();
      return measure(path);
    },
    reference: async () => {
      await truncate();
      return withFirstSchema(superuser, async () => {
        const seconds = await measure(path);
        await truncate();
        return seconds;
      });
    },
    onPair: (pair, number) =>
      run.print(
        `  ${number}: \\copy ${pair.subject.toFixed(1)} s, first release ${pair.reference.toFixed(1)} s`,
      ),
  });
  return mediansOf(pairs);
}

async function createBench(run: BenchmarkRun, stack: BenchStack): Promise<Bench> {
  const superuser = openSuperuser(stack);
  run.lifetime.onClose("superuser", superuser.close);
  const api = await stack.startApi();
  const context = await api.client.contexts.create({ name: "Bench" });
  const source = { name: SOURCE, type: "BANK", side: "LEFT" };
  const { id: sourceId } = await api.client.sources.create(context.id, source);
  await api.stop();
  return {
    run,
    stack,
    contextId: context.id,
    sourceId,
    superuser: superuser.pool,
    truncate: async () => {
      await superuser.pool.query("TRUNCATE transactions CASCADE");
      // Otherwise a checkpoint of earlier writes could run during the measurement.
      await superuser.pool.query("CHECKPOINT");
    },
  };
}

async function writeFiles({ run, contextId, sourceId }: Bench) {
  const directory = await mkdtemp(join(tmpdir(), "docket-bench-rows-"));
  run.lifetime.onClose("rows", () => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  const files = { ndjson: join(directory, "rows.ndjson"), csv: join(directory, "rows.csv") };
  await writeRows(ndjsonRows(run.rows, SOURCE), files.ndjson);
  await writeRows(csvRows(run.rows, [TENANT, contextId, sourceId]), files.csv);
  const mebibytes = ((await stat(files.ndjson)).size / 1_048_576).toFixed(0);
  run.print(`The rows as NDJSON: ${mebibytes} MiB.`);
  return files;
}

/** Sends `count` records and returns the seconds. @throws Error unless all of them were inserted. */
async function load(
  { contextId, stack }: Bench,
  { address }: BenchApi,
  count: number,
  body: Readable,
): Promise<number> {
  const start = performance.now();
  const { text } = await sendStream({
    url: `${address}/v1/contexts/${contextId}/records/transactions`,
    headers: { authorization: `Bearer ${stack.token}`, "content-type": "application/x-ndjson" },
    body,
  });
  const seconds = (performance.now() - start) / 1_000;
  if ((JSON.parse(text) as { inserted?: number }).inserted !== count) {
    throw new Error(`The API answered a load of ${count} records with ${text}`);
  }
  return seconds;
}

async function memoryLines(bench: Bench): Promise<string[][]> {
  const { run, stack } = bench;
  const sizes = [Math.ceil(run.rows / 10), run.rows, ...(run.big ? [run.rows * 3] : [])];
  const lines: string[][] = [];
  for (const size of sizes) {
    run.signal.throwIfAborted();
    await bench.truncate();
    const api = await stack.startApi();
    resetPeakMemory(api.pid);
    const seconds = await load(bench, api, size, ndjsonRows(size, SOURCE));
    const peak = processUsage(api.pid)?.peakRssMb;
    await api.stop();
    lines.push([size.toLocaleString("en"), seconds.toFixed(1), figureAtMost(peak, 0)]);
  }
  return lines;
}
