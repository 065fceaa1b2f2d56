import type { Storage } from "@docket/platform/storage";
import type { Environment } from "@docket/stack";

import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { measureInPairs, mediansOf } from "../pairs.ts";
import { openReferenceStore } from "../reference-store.ts";
import { openStorage, startBenchStack, type BenchStack } from "../stack.ts";
import { figureAtLeast, figureAtMost, table } from "../table.ts";
import { TENANT } from "../tenant.ts";
import { measureMemory, type MeasuredUploads } from "./memory.ts";
import { seedDisputes } from "./seed.ts";
import { uploadEvidence } from "./send.ts";

/** Printed beside the figures. A missed limit is not a failure, because machines differ. */
const LIMITS = { ratio: 0.8, rssMb: 400, p99Ms: 300 } as const;

const MEBIBYTE = 1_048_576;
const FILE_MIB = 10;
/** A dispute holds at most 100 MiB. */
const FILES_PER_DISPUTE = 10;
const CROWD = 100;
/** Forty uploads, until the JIT compiler has optimized the code. */
const WARM_UP_ROUNDS = 4;

type Bench = {
  readonly run: BenchmarkRun;
  readonly stack: BenchStack;
  readonly storage: Storage;
  readonly file: Buffer;
};

/** Compares evidence uploads with direct writes to the store, and measures the API's memory during 100 parallel uploads. */
export async function benchmarkUploads(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { lifetime, print } = run;
  const external = externalStore(run.environment);
  const stack = await startBenchStack(run, { storage: external });
  const storage = openStorage(stack);
  await storage.ensureBucket();
  lifetime.onClose("storage", storage.close);
  lifetime.onClose("objects", () => deleteObjects(storage));
  const bench = { run, stack, storage, file: pdf() };
  print(`Store: ${external === undefined ? "the embedded one" : external["S3_ENDPOINT"]}.`);
  print(
    `Reference: PutObject by the AWS SDK. ${FILES_PER_DISPUTE} files of 10 MiB one after the other, ${run.pairs} pairs, medians.`,
  );
  print();
  const { ratio, line } = await compareSpeed(bench);
  print();
  print(table([["", "MiB/s", "reference", "ratio"], line]));
  print(`  Limit: at least ${LIMITS.ratio} of the reference's speed`);
  print();
  print("Peak memory of a fresh API, and its latency for other requests meanwhile:");
  const header = ["uploads of 10 MiB at once", "s", "peak RSS MB", "GET p99 ms", "GETs"];
  const memory = await measureLoads(bench);
  print(table([header, ...memory.map(memoryLine)]));
  print(`  Limits: RSS ${LIMITS.rssMb} MB, p99 ${LIMITS.p99Ms} ms`);
  const peaks = memory.map(({ measured }) => measured.peakRssMb).filter((mb) => mb !== undefined);
  return { upload: [{ ratio, rssMb: peaks.length === 0 ? null : Math.max(...peaks) }] };
}

async function compareSpeed({
  run,
  stack,
  storage,
  file,
}: Bench): Promise<{ readonly ratio: number; readonly line: readonly string[] }> {
  const api = await stack.startApi();
  const direct = openReferenceStore(stack.storage);
  const disputes = await seedDisputes(api.client, run.pairs + WARM_UP_ROUNDS);
  let rounds = 0;
  const subject = (): Promise<number> => {
    const upload = { ...api, token: stack.token, disputeId: disputes[rounds]!, file };
    rounds += 1;
    return mibPerSecond(storage, () => uploadEvidence(upload));
  };
  let objects = 0;
  const reference = (): Promise<number> =>
    mibPerSecond(storage, () => {
      objects += 1;
      return direct.put(`${TENANT}/bench/${objects}.pdf`, file);
    });
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    await reference();
    await subject();
  }
  const pairs = await measureInPairs({
    ...run,
    subject,
    reference,
    onPair: (pair, number) =>
      run.print(
        `  ${number}: API ${pair.subject.toFixed(0)} MiB/s, PutObject ${pair.reference.toFixed(0)} MiB/s`,
      ),
  });
  direct.close();
  await api.stop();
  const medians = mediansOf(pairs);
  const { ratio } = medians;
  const line = [
    "upload",
    medians.subject.toFixed(0),
    medians.reference.toFixed(0),
    figureAtLeast(ratio, 2, LIMITS.ratio),
  ];
  return { ratio, line };
}

async function mibPerSecond(storage: Storage, send: () => Promise<void>): Promise<number> {
  const start = performance.now();
  for (let sent = 0; sent < FILES_PER_DISPUTE; sent += 1) await send();
  const seconds = (performance.now() - start) / 1_000;
  // Otherwise pending disk writes would slow down the next measurement.
  await deleteObjects(storage);
  return (FILES_PER_DISPUTE * FILE_MIB) / seconds;
}

const LOADS = [
  { name: "1", count: 1, chunked: false },
  { name: `${CROWD}`, count: CROWD, chunked: false },
  { name: `${CROWD}, without a Content-Length`, count: CROWD, chunked: true },
] as const;

type MeasuredLoad = { readonly name: string; readonly measured: MeasuredUploads };

async function measureLoads({ run, stack, storage, file }: Bench): Promise<MeasuredLoad[]> {
  const loads: MeasuredLoad[] = [];
  for (const { name, count, chunked } of LOADS) {
    run.signal.throwIfAborted();
    const api = await stack.startApi();
    const disputes = await seedDisputes(api.client, Math.ceil(count / FILES_PER_DISPUTE));
    const measured = await measureMemory({
      api,
      token: stack.token,
      disputes,
      count,
      file,
      chunked,
    });
    await api.stop();
    await deleteObjects(storage);
    loads.push({ name, measured });
  }
  return loads;
}

const memoryLine = ({ name, measured }: MeasuredLoad): string[] => [
  name,
  measured.seconds.toFixed(1),
  figureAtMost(measured.peakRssMb, 0, LIMITS.rssMb),
  figureAtMost(measured.p99Ms, 0, LIMITS.p99Ms),
  `${measured.requests}`,
];

function pdf(): Buffer {
  const file = Buffer.alloc(FILE_MIB * MEBIBYTE, "0123456789abcdef");
  file.write("%PDF-1.7\n");
  return file;
}

/** The `S3_*` variables of the environment; undefined when they name no store. */
function externalStore(environment: Environment): Environment | undefined {
  if (!environment["S3_ENDPOINT"]) return undefined;
  const variables = Object.entries(environment).filter(([name]) => name.startsWith("S3_"));
  return {
    S3_REGION: "us-east-1",
    S3_BUCKET: "docket-bench",
    S3_FORCE_PATH_STYLE: "true",
    ...Object.fromEntries(variables),
  };
}

/** Deletes the benchmark's objects; the store may belong to someone else. */
async function deleteObjects(storage: Storage): Promise<void> {
  for await (const { key } of storage.list(`${TENANT}/`)) await storage.delete(key);
}
